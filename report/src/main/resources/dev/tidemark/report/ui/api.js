// The server's answers. Each request has the token, which the server has printed once, and which this tab alone keeps.

const KEY = 'tidemark-token';

export const token = {
  known: () => sessionStorage.getItem(KEY) !== null,
  keep: value => sessionStorage.setItem(KEY, value.trim()),
  forget: () => sessionStorage.removeItem(KEY),
};

// What the server refuses, in its own words; more are lines. The status is 0 if it does not answer at all.
export class Refused extends Error {
  constructor(status, message, more = []) {
    super(message);
    this.status = status;
    this.more = more;
  }
}

const ask = async (path, options) => {
  let response;
  try {
    response = await fetch('api/' + path, {
      ...options,
      headers: {...options.headers, Authorization: 'Bearer ' + sessionStorage.getItem(KEY)},
      cache: 'no-store',
    });
  } catch (e) {
    throw new Refused(0, 'tidemark ui does not answer (' + e.message + '): it has ended, or cannot be reached');
  }
  if (!response.ok) throw await refusal(response);
  return response;
};

const refusal = async response => {
  const text = await response.text();
  try {
    const {error, more} = JSON.parse(text);
    return new Refused(response.status, error, more);
  } catch {
    // Something between here and the server has answered.
    return new Refused(response.status, 'HTTP ' + response.status + ': ' + (text || response.statusText));
  }
};

// An answer: the document, when it was read, and why it is no newer, if it might be.
export const get = async path => {
  const response = await ask(path, {});
  return {
    body: await response.json(),
    read: response.headers.get('Tidemark-Read') || new Date().toISOString(),
    stale: response.headers.get('Tidemark-Stale'),
  };
};

export const post = async (path, body = {}) => {
  const response = await ask(path, {
    method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body),
  });
  return response.json();
};

export const file = async path => (await ask(path, {})).blob();

export const runPath = (run, rest = '') => 'runs/' + encodeURIComponent(run) + rest;
