import {card, digestLink, el, named, table} from './dom.js';
import {bytes, counted, day, kindWords, number} from './text.js';

// The first deletions, to be searched.

const PAGE = 50;

const looks = {eligible: 'info', deleted: 'info', 'already-gone': 'info', spared: 'warn', failed: 'bad'};
const columns = [{name: 'Kind', look: 'c-what'}, {name: 'Where', look: 'where'}, {name: 'Size', look: 'num c-size'},
  {name: 'Last written', look: 'c-written'}, {name: 'Why', look: 'why'}];

const outcome = row => row.outcome || 'eligible';

const where = row => {
  const repositories = row.repositories || [];
  return [
    repositories.map(name => el('span', {}, named(name))),
    repositories.length === 0 && el('span', {class: 'soft'}, 'linked by no repository'),
    row.holders > repositories.length
      && el('span', {class: 'soft'}, 'and ' + number(row.holders - repositories.length) + ' more'),
    (row.tags || []).length > 0 && el('span', {class: 'soft'},
      row.kind === 'tag' ? 'the tag ' : 'was tagged ', row.tags.map((tag, at) => [at > 0 && ', ', named(tag)])),
  ];
};

const cells = (row, run) => {
  const digest = digestLink(row.digest, run);
  digest.className = 'digest';
  return [
    [el('span', {}, kindWords(row.kind)), digest], where(row), row.bytes > 0 ? bytes(row.bytes) : '–',
    row.modified === undefined ? 'not known' : day(row.modified),
    [el('span', {class: 'mark ' + looks[outcome(row)]}, outcome(row).replace('-', ' ')),
      row.why ? row.why + ' (' + (row.reason || '') + ')' : row.reason || 'the topics no longer say why'],
  ];
};

const text = row => [row.kind, row.digest, row.reason, row.outcome, row.why, ...row.repositories || [],
  ...row.tags || []].filter(Boolean).join('\n').toLowerCase();

export const listing = ({count, rows}, run) => {
  if (rows.length === 0) return null;
  const all = rows.map(row => [text(row), row]);
  let found = rows;
  let shown = PAGE;
  const search = el('input', {id: 'search', type: 'search', autocomplete: 'off', spellcheck: 'false'});
  const status = el('p', {class: 'soft', role: 'status'});
  const place = el('div', {});
  const more = el('button', {type: 'button'}, 'Show 50 more');
  const show = () => {
    place.replaceChildren(table('Deletions', 'deletions', columns, found.slice(0, shown).map(row => cells(row, run))));
    more.hidden = found.length <= shown;
    status.textContent = number(Math.min(shown, found.length)) + ' of ' + counted(found.length, 'row')
      + (found.length < rows.length ? ' that match' : '');
  };
  search.addEventListener('input', () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    found = all.filter(([of]) => words.every(word => of.includes(word))).map(([, row]) => row);
    shown = PAGE;
    show();
  });
  more.addEventListener('click', () => {
    const first = shown;
    shown += PAGE;
    show();
    // The keyboard goes on where the new rows begin.
    place.querySelectorAll('a.digest')[first].focus({preventScroll: true});
  });
  show();
  const amounts = Object.entries(count || {}).map(([kind, all]) => counted(all, kindWords(kind))).join(', ');
  const left = Object.values(count || {}).reduce((sum, one) => sum + one, 0) - rows.length;
  return card('What goes or has gone, and why',
    amounts + (left > 0 ? '; the first ' + number(rows.length) + ' are here' : ''),
    el('div', {class: 'tools', role: 'search'}, el('label', {class: 'search'},
      'Search: repository, tag, digest, reason', search)),
    status, place, el('div', {class: 'tablefoot'}, more));
};
