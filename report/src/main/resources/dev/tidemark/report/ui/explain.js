import {get, Refused} from './api.js';
import {card, code, digestLink, el, facts, link, named, notice, runLink, table} from './dom.js';
import {sentence} from './facts.js';
import {bytes, counted, moment, number, shortened} from './text.js';
import {verdictLook, why} from './verdict.js';

// Why something is there, or is not: a search, and its answer.

const amount = ({blobs, bytes: size}) => counted(blobs, 'blob') + ', ' + bytes(size);

const step = (one, run) => el('li', {},
  one.what, ' ', one.tag ? named(one.repository + ':' + one.tag) : digestLink(one.digest, run, shortened(one.digest)),
  !one.tag && one.repository && [' in ', named(one.repository)],
  el('span', {class: 'soft'}, one.size !== undefined ? ' ' + bytes(one.size) : one.tag ? '' : ' no blob'));

const way = (title, chain, run) => chain && chain.steps
  && card(title, 'From what every run keeps, step by step.',
    el('ol', {class: 'way'}, chain.steps.map(one => step(one, run))));

const nodeState = node => node.missing ? 'missing' : node.foreign ? 'foreign' : node.own ? 'own' : 'shared';

const node = (one, run) => el('li', {},
  el('span', {class: 'mark ' + (one.missing ? 'bad' : 'info')}, nodeState(one)), one.what, ' ',
  digestLink(one.digest, run, shortened(one.digest)),
  el('span', {class: 'soft'}, one.size === undefined ? ' no blob' : ' ' + bytes(one.size),
    one.said !== undefined && ', and its manifest says ' + bytes(one.said),
    one.sharedWith && [', with ', named(one.sharedWith)], one.again && ', see above'),
  one.children && el('ul', {}, one.children.map(child => node(child, run))));

const there = ({manifest, link}) => [manifest && 'manifest ' + manifest, link && 'layer link ' + link]
  .filter(Boolean).join(', ');

const tags = ({tags: listed = [], tagCount}) => listed.length === 0 ? '–' : [
  listed.map((tag, at) => [at > 0 && ', ', named(tag)]),
  tagCount > listed.length && ' and ' + number(tagCount - listed.length) + ' more'];

const holdings = found => (found.holdings || []).length > 0 && card('In ' + counted(found.holders, 'repository'),
  found.holders > found.holdings.length ? 'The first ' + number(found.holdings.length) + '.' : null,
  table('Repositories', 'holdings',
    [{name: 'Repository', look: 'where'}, {name: 'There', look: ''}, {name: 'Tags', look: 'where'}],
    found.holdings.map(holding => [named(holding.repository), there(holding), tags(holding)])));

const inTrash = trash => trash && (trash.out ? trash.out + (trash.at ? ' on ' + moment(trash.at) : '')
  : 'kept there' + (trash.until ? ' until ' + moment(trash.until) + ' at least' : ''));

const referenced = references => references && 'by ' + counted(references.parents, 'manifest') + ', '
  + number(references.live) + ' of them live; ' + counted(references.tags, 'tag') + ' in '
  + counted(references.repositories, 'repository');

const known = found => facts([
  ['Digest', found.digest && code(found.digest)],
  ['Is', found.is && found.is.join(' and ') + (found.mediaType ? ', ' + found.mediaType : '')],
  ['Size', found.size !== undefined ? bytes(found.size) : found.bytes !== undefined && bytes(found.bytes)],
  ['Written', found.modified && moment(found.modified)],
  ['Oldest link', found.linked && moment(found.linked)],
  ['In all', found.total && amount(found.total)],
  ['If it went', found.own && (found.own.blobs > 0 ? amount(found.own) + ' would be freed' : 'nothing would be freed')],
  ['Policy', found.byPolicy && (found.byPolicy.kept ? 'keeps it' : 'lets it go')
    + (found.byPolicy.rule ? ' by ' + found.byPolicy.rule : '') + ': ' + found.byPolicy.why],
  ['Also tagged', found.alsoTagged && found.alsoTagged.map((tag, at) => [at > 0 && ', ', named(tag)])],
  ['Held', found.held && found.held.join('; ')],
  ['Referenced', referenced(found.references)],
  ['Not live', found.unreferenced && ['since the run ', runLink(found.unreferenced.since)]],
  ['Trash', inTrash((found.fate || found.byPolicy)?.trash)],
  ['By the run', [runLink(found.run.run), ', ' + (found.run.dryRun ? 'dry run' : found.run.state)]],
]);

const faults = found => [
  found.missing > 0 && counted(found.missing, 'blob') + ' of it missing: it can’t be pulled as a whole',
  found.wrongSizes > 0 && counted(found.wrongSizes, 'blob') + ' of it of another size: it can’t be pulled as a whole',
  found.contradiction,
  found.run.lost && 'of this run ' + found.run.lost + ': what is said here may be incomplete',
].filter(Boolean).map(fault => el('p', {class: 'notice bad'}, sentence(fault)));

const answer = found => [
  el('section', {class: 'card', 'aria-labelledby': 'verdict'},
    el('h2', {id: 'verdict'},
      el('span', {class: 'state ' + verdictLook(found.verdict)}, found.verdict.replace('-', ' '))),
    el('p', {class: 'sentence'}, sentence(why(found))), faults(found), known(found)),
  way('Kept by', found.tag ? null : found.kept, found.run.run),
  way('Last kept by', found.unreferenced?.lastKept, found.run.run),
  found.tree && card('Under the tag', null, el('ul', {class: 'tree'}, node(found.tree, found.run.run))),
  holdings(found),
  found.image && answer(found.image),
];

// A beginning that several have is no answer: each of them is.
const several = (refused, run) => notice('warn', refused.message, refused.more.length > 0
  && el('ul', {class: 'names'}, refused.more.map(match => el('li', {}, link('#/explain?'
    + new URLSearchParams(run ? {subject: match, run} : {subject: match}), code(match))))));

const form = (context, subject, run) => {
  const input = el('input', {id: 'subject', type: 'search', autocomplete: 'off', spellcheck: 'false', required: true,
    value: subject, 'aria-describedby': 'subject-help'});
  return el('form', {class: 'card', role: 'search', onsubmit: event => {
    event.preventDefault();
    context.go('#/explain?' + new URLSearchParams(run ? {subject: input.value, run} : {subject: input.value}));
  }},
  el('div', {class: 'tools'}, el('label', {class: 'search'}, 'Tag, digest, or the beginning of one', input),
    el('button', {class: 'primary'}, 'Explain')),
  el('p', {class: 'soft', id: 'subject-help'}, 'team/app:1.2 · sha256:4f8e5c · team/app@sha256:4f8e5c…'));
};

export const explainView = (context, subject, run) => ({
  heading: 'Explain',
  read: async () => {
    if (!subject) return {answers: []};
    try {
      const found = await get('explain?' + new URLSearchParams(run ? {subject, run} : {subject}));
      return {answers: [found], found: found.body};
    } catch (e) {
      if (e instanceof Refused && e.status !== 401) return {answers: [], refused: e};
      throw e;
    }
  },
  draw: ({found, refused}) => [form(context, subject, run), refused && several(refused, run), found && answer(found)],
  follows: () => false,
});
