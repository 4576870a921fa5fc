import {get, Refused, token} from './api.js';
import {isOpen, onClose} from './dialog.js';
import {card, el, notice, reason} from './dom.js';
import {explainView} from './explain.js';
import {calm, clear, complain, stale} from './messages.js';
import {policyView} from './policy.js';
import {runView} from './run.js';
import {runsView} from './runs.js';
import {clean, moment} from './text.js';
import {trashView} from './trash.js';

// One view at a time, named after the #. What has changed is drawn anew; all else stays where it is.

const CLUSTER = 5_000;
const DATA_DIRECTORY = 15_000;

const byId = id => document.getElementById(id);
const place = byId('view');

let state;
let view;
let drawn = null;
let putOff = false;
let timer;

// The address that the server prints has the token after the #. It goes no further, and leaves the address bar.
const tokenFromAddress = () => {
  const after = location.hash.slice(1);
  if (after === '' || after.startsWith('/')) return false;
  token.keep(after);
  history.replaceState(null, '', location.pathname);
  return true;
};

const routed = context => {
  const [path, query] = location.hash.slice(1).split('?');
  const [, name, id] = path.split('/');
  const asked = new URLSearchParams(query);
  switch (name) {
    case 'runs': return id ? runView(context, id) : runsView(context);
    case 'trash': return trashView(context);
    case 'explain': return explainView(context, asked.get('subject') || '', asked.get('run'));
    case 'policy': return policyView(context);
    default: return runsView(context);
  }
};

const head = heading => {
  byId('title').textContent = clean(heading);
  document.title = clean(heading) + ' · Tidemark';
  const [, name] = location.hash.split(/[/?]/);
  document.querySelectorAll('nav a').forEach(a => {
    if (a.getAttribute('href') === '#/' + (name || 'runs')) a.setAttribute('aria-current', 'page');
    else a.removeAttribute('aria-current');
  });
};

const askForToken = error => {
  clearTimeout(timer);
  view = null;
  head('Token');
  byId('read').textContent = '';
  const input = el('input', {id: 'token', type: 'password', autocomplete: 'off', required: true});
  place.replaceChildren(el('form', {class: 'card token', onsubmit: event => {
    event.preventDefault();
    token.keep(input.value);
    start();
  }},
  el('h2', {}, 'This page needs its token'),
  el('p', {class: 'soft'}, 'tidemark ui has printed it with the address of this page, after the #.'),
  error && el('div', {class: 'notice bad', role: 'alert'}, reason(error)),
  el('label', {for: 'token'}, 'Token'), input,
  el('div', {class: 'buttons'}, el('button', {class: 'primary'}, 'Go on'))));
  input.focus();
};

const failed = (what, error) => {
  if (!(error instanceof Refused)) {
    complain(what, error);
    throw error;
  }
  if (error.status === 401) askForToken(token.known() ? error : null);
  else if (view && drawn === null) place.replaceChildren(
    el('div', {role: 'alert'}, notice('bad', what, reason(error))));
  else complain(what, error);
};

const freshness = answers => {
  const reads = answers.map(answer => answer.read).sort();
  byId('read').textContent = reads.length > 0 ? 'as of ' + moment(reads[0]) : '';
  const old = answers.find(answer => answer.stale);
  stale(old?.stale, old && moment(old.read));
};

const redraw = data => {
  const focused = document.activeElement?.id;
  const within = place.contains(document.activeElement);
  place.replaceChildren(...view.draw(data).flat(Infinity).filter(Boolean));
  if (within) (byId(focused) || byId('title')).focus({preventScroll: true});
};

const refresh = async () => {
  clearTimeout(timer);
  const current = view;
  let follows = true;
  try {
    const data = await current.read();
    if (view !== current) return;
    calm();
    freshness(data.answers);
    follows = current.follows(data);
    const now = JSON.stringify({...data, answers: null});
    if (now !== drawn) {
      // Nothing changes behind a question.
      putOff = isOpen();
      if (!putOff) {
        redraw(data);
        drawn = now;
      }
    }
  } catch (e) {
    if (view !== current) return;
    follows = current.follows();
    failed('It can’t be read', e);
  }
  if (view === current && follows && !document.hidden) {
    timer = setTimeout(refresh, state.local ? DATA_DIRECTORY : CLUSTER);
  }
};

const context = {
  get state() { return state; },
  // Does something that is no question, and says why if it is refused.
  act: async (does, otherwise = () => {}) => {
    clear();
    try {
      await does();
    } catch (e) {
      otherwise();
      failed('It is not done', e);
    }
  },
  // After something was done, the run that it was done to is the latest.
  after: async () => {
    if (/^#\/runs\/./.test(location.hash)) go('#/runs');
    else await refresh();
  },
  go: to => {
    clear();
    go(to);
  },
};

const show = first => {
  if (!state) return;
  view = routed(context);
  drawn = null;
  head(view.heading);
  byId('read').textContent = '';
  place.replaceChildren(card('Reading…', null));
  if (!first) byId('title').focus();
  refresh();
};

const go = to => {
  history.pushState(null, '', to);
  show(false);
};

const start = async () => {
  try {
    state = (await get('state')).body;
  } catch (e) {
    failed('The page can’t begin', e);
    if (e.status !== 401) timer = setTimeout(start, CLUSTER);
    return;
  }
  clear();
  byId('place').textContent = clean(state.registry || state.name);
  byId('place').title = clean(state.name + ', Tidemark ' + state.version);
  byId('read-only').hidden = !state.readOnly;
  show(true);
};

window.addEventListener('hashchange', () => {
  if (tokenFromAddress()) {
    start();
    return;
  }
  clear();
  show(false);
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && view?.follows()) refresh();
});
onClose(() => {
  if (putOff && view) refresh();
});

tokenFromAddress();
if (token.known()) start();
else askForToken(null);
