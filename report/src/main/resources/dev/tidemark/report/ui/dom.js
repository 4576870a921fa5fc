import {clean, number, share} from './text.js';

// Elements are made of text alone: nothing that a registry has in its names is ever read as markup.

const fill = (node, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, clean(value));
  }
  node.append(...children.flat(Infinity)
    .filter(child => child !== null && child !== undefined && child !== false)
    .map(child => child instanceof Node ? child : clean(child)));
  return node;
};

// An attribute that begins with "on" is a listener; children that are no nodes are text; null and false are none.
export const el = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);

const svg = (name, attributes, ...children) =>
  fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);

// A name that somebody has given: its direction of text is its own.
export const named = text => el('bdi', {}, text);

export const code = text => el('code', {}, text);

export const link = (to, ...children) => el('a', {href: to}, ...children);

export const runLink = run => link('#/runs/' + run, code(run));

export const digestLink = (digest, run, shown = digest) =>
  link('#/explain?' + new URLSearchParams(run ? {subject: digest, run} : {subject: digest}), code(shown));

export const command = line => el('code', {class: 'command'}, line);

export const card = (title, about, ...children) =>
  el('section', {class: 'card'}, el('h2', {}, title), about && el('p', {class: 'soft'}, about), ...children);

export const notice = (look, head, ...children) =>
  el('div', {class: 'notice ' + look}, el('strong', {}, head), ...children);

// What was refused, as it was said.
export const reason = error => [el('p', {}, error.message),
  error.more?.length > 0 && el('ul', {class: 'names'}, error.more.map(line => el('li', {}, line)))];

export const figure = (name, value, more) =>
  el('div', {}, el('dt', {}, name), el('dd', {}, value), more && el('dd', {class: 'soft'}, more));

export const facts = pairs => el('dl', {class: 'facts'},
  pairs.filter(([, value]) => value).map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));

// On a small screen each row is a block, so that roles are said. A column is {name, look}.
export const table = (caption, look, columns, rows) =>
  el('table', {class: 'rows ' + look, role: 'table'},
    el('caption', {class: 'unseen'}, caption),
    el('thead', {role: 'rowgroup'}, el('tr', {role: 'row'},
      columns.map(column => el('th', {scope: 'col', role: 'columnheader', class: column.look}, column.name)))),
    el('tbody', {role: 'rowgroup'}, rows.map(cells => el('tr', {role: 'row'},
      cells.map((cell, at) => el('td', {role: 'cell', class: columns[at].look,
        'data-label': at === 0 ? null : columns[at].name}, cell))))));

// Rows of [name, bytes, look, cells]: the bar shows the bytes as a part of the most.
export const bars = (caption, rows, most = Math.max(...rows.map(([, value]) => value))) =>
  el('table', {class: 'bars', role: 'table'}, el('caption', {class: 'unseen'}, caption),
    el('tbody', {role: 'rowgroup'}, rows.map(([name, value, look, cells]) => el('tr', {role: 'row'},
      el('th', {scope: 'row', role: 'rowheader'}, el('span', {class: 'name'}, name)),
      el('td', {role: 'cell', class: 'bar'}, svg('svg', {'aria-hidden': 'true'},
        svg('rect', {class: 'track', width: '100%', height: '100%'}),
        svg('rect', {class: look, width: (most > 0 ? 100 * value / most : 0).toFixed(2) + '%', height: '100%'}))),
      cells.map(cell => el('td', {role: 'cell', class: 'num'}, cell))))));

// A phase of which is known how much there is to do has a bar.
export const progress = ({done, all, of = 'steps', more}) => el('div', {class: 'progress'},
  all > 0 && el('progress', {max: all, value: done, 'aria-label': 'Progress of the run'}),
  el('p', {class: 'num'}, all > 0 ? `${number(done)} of ${number(all)} ${of}, ${share(done, all)}`
    : `${number(done)} ${of}`, more && ', ' + more));
