import {el, notice, reason} from './dom.js';

// At the bottom of the window, so that nothing moves when something is said.

const put = (id, content) => document.getElementById(id).replaceChildren(...content ? [content] : []);

// What was done, in the command's own lines.
export const say = (head, lines = []) =>
  put('said', notice('good', head, lines.map(line => el('p', {}, el('code', {}, line)))));

export const complain = (head, error) => put('trouble', notice('bad', head, reason(error)));

export const calm = () => put('trouble', null);

export const clear = () => {
  put('said', null);
  calm();
};

export const stale = (why, when) =>
  put('stale', why && notice('warn', 'What is shown was read ' + when, el('p', {}, why)));
