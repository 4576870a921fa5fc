import {file, get, Refused, runPath} from './api.js';
import {bars, card, code, el, named, notice, reason} from './dom.js';
import {active, options} from './facts.js';
import {runCard} from './latest.js';
import {listing} from './listing.js';
import {tagsByRule} from './rules.js';
import {bytes, capital, counted, elapsed, number, share} from './text.js';

// One run: what goes and stays, and why.

const fates = {
  live: 'Live: an image needs it',
  young: 'Young: only its age keeps it',
  held: 'Held: only a hold keeps it',
  'kept-conservatively': 'Kept conservatively: what may need it could not be understood',
  spared: 'Spared by the second look',
  failed: 'Eligible, and could not be deleted',
  'already-gone': 'Eligible, and gone before',
  eligible: 'Eligible: nothing live needs it',
  deleted: 'Deleted',
};

const LEADING = 12;

const parts = report => report.parts.length > 0 && card('What goes, and what stays and why',
  'All blobs that the run found, by what became of them.',
  bars('Bytes by what became of them', report.parts.map(part => [fates[part.fate], part.bytes,
    ['eligible', 'deleted'].includes(part.fate) ? 'goes' : '',
    [bytes(part.bytes), share(part.bytes, report.found.bytes), counted(part.blobs, 'blob')]])));

const policy = report => report.policy && card('Tags by rule',
  `${counted(report.policy.going, 'tag')} of ${number(report.policy.kept + report.policy.going)} goes or has gone. `
    + `They lead to ${bytes(report.policy.bytes)} that nothing live needs.`,
  tagsByRule(report.policy.rules || []),
  report.policy.moreRules > 0
    && el('p', {class: 'soft'}, 'And ' + counted(report.policy.moreRules, 'more rule') + '.'));

const repositories = report => {
  const listed = (report.repositories.listed || []).slice(0, LEADING);
  return listed.length > 0 && card('The largest repositories',
    `Of ${counted(report.repositories.count, 'repository')}. A blob that several hold is shared among them evenly.`,
    bars('Repositories by the bytes that they hold', listed.map(one => [
      one.name ? named(one.name) : 'linked by no repository', one.held, '',
      [bytes(one.held), one.freed > 0 ? bytes(one.freed) + ' goes' : '–']])));
};

const phases = report => report.phases.length > 0 && card('How long it took', null,
  bars('Duration by phase', report.phases.map(phase => [capital(phase.name), phase.millis, '',
    [elapsed(phase.millis / 1000) + (phase.running ? ' so far' : '')]])));

const problems = report => Object.keys(report.problems).length > 0 && card('Not as it should be',
  'Problems that the enumeration met in the storage. None of them stops a run.',
  el('ul', {},
    Object.entries(report.problems).map(([kind, count]) => el('li', {}, capital(kind) + ': ' + number(count)))));

const gaps = report => report.gaps.length > 0 && notice('warn',
  'The evidence does not agree with the run’s own counts: the figures may be wrong.',
  el('ul', {}, report.gaps.map(gap => el('li', {}, gap))));

const chips = summary => el('ul', {class: 'chips', 'aria-label': 'Options'},
  options(summary).map(([word, meaning]) => el('li', {}, code(word), meaning && ' ' + meaning)));

// A file to keep or to send: made by the server, and saved under the name that the command gives it.
const download = async run => {
  const address = URL.createObjectURL(await file(runPath(run, '/report.html')));
  el('a', {href: address, download: 'tidemark-report-' + run + '.html'}).click();
  URL.revokeObjectURL(address);
};

export const runView = (context, run) => {
  let details = {};
  const readReport = async () => {
    try {
      return (await get(runPath(run, '/report'))).body;
    } catch (e) {
      if (e instanceof Refused && e.status !== 401) return {refused: e};
      throw e;
    }
  };
  // What was drawn stays, so that a search in it does.
  const drawn = report => report.refused
    ? [notice('bad', 'The report can’t be made', reason(report.refused))]
    : [gaps(report), parts(report), policy(report), repositories(report), listing(report.listing, run), phases(report),
      problems(report)];
  return {
    heading: 'Run ' + run,
    read: async () => {
      const runs = await get('runs');
      const shown = await get(runPath(run));
      const key = JSON.stringify([shown.body.state, shown.body.reached]);
      if (shown.body.summary && details.key !== key) {
        details = {key, nodes: drawn(await readReport()).filter(Boolean)};
      }
      return {answers: [shown, runs], runs: runs.body, shown: shown.body};
    },
    draw: ({runs, shown}) => {
      const line = runs.find(one => one.run === run) || shown;
      return [
        runCard(context, 'Figures', line, shown, runs[0]?.run === run),
        shown.summary && chips(shown.summary),
        shown.summary && el('p', {class: 'whole'}, el('button', {type: 'button', id: 'whole-report',
          onclick: () => context.act(() => download(run))}, 'Save the whole report')),
        details.nodes,
      ];
    },
    follows: data => !data || active(data.shown.state) || data.shown.state === 'waiting',
  };
};
