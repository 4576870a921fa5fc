import {approve, cancel, lookWhatMayGo, typed} from './actions.js';
import {command, el, figure, notice, progress} from './dom.js';
import {active, amounts, asked, freed, going, many, ofAll, sentence, stateLook, stateWords, tense} from './facts.js';
import {bytes, counted, elapsed, number} from './text.js';

// A run as a card: its state, its figures, and what can be done with it.

const phases = {requested: 'It reads the registry.', enumerated: 'It finds out what is live.',
  sweeping: 'It deletes what is eligible.'};

const ended = line => !active(line.state) && line.state !== 'waiting';

const approvable = (state, line) => line.state === 'waiting' || (line.state === 'decided' && !state.local);

// On one machine a run that collects is ended where it was begun: nobody else has the data directory then.
const cancellable = (state, line) => ['waiting', 'sweeping'].includes(line.state)
  || (active(line.state) && !state.local);

const buttons = ({state, after, act}, line, summary, isLatest) => {
  if (state.readOnly) return [];
  const list = [];
  const add = (id, words, look, does) =>
    list.push(el('button', {type: 'button', class: look, id, onclick: does}, words));
  if (isLatest && approvable(state, line) && summary && amounts(summary).length > 0) {
    add('approve', 'Approve: free ' + bytes(freed(summary)) + '…', 'primary', () => approve(state, summary, after));
  }
  if (cancellable(state, line)) {
    add('cancel', 'Cancel…', '', () => cancel(state, line.run, line.state === 'sweeping', after));
  }
  if (isLatest && state.canRun && ended(line)) {
    add('look', 'Look what may go', list.length === 0 ? 'primary' : '', () => act(() => lookWhatMayGo(after)));
  }
  if (line.state === 'swept') list.push(el('a', {class: 'button', href: '#/trash', id: 'to-trash'}, 'Trash: undo it'));
  return list;
};

// A command is asked for with what the run was asked for with.
const again = (state, summary, dryRun) => typed('collect', dryRun && '--dry-run',
  summary.deleteUntagged && '--delete-untagged', ...summary.policy ? ['--policy', 'FILE'] : [],
  '--min-age', summary.minAge, ...state.options, state.registry || summary.registry);

const hint = ({state}, line, summary, isLatest) => {
  if (!isLatest) {
    return ['waiting', 'decided'].includes(line.state)
      && el('p', {}, 'Another run was asked for since: what this one has found may be out of date.');
  }
  if (!state.local || !summary) return null;
  if (line.state === 'decided') {
    return el('div', {},
      el('p', {}, 'On one machine a dry run is not approved. Its command deletes without --dry-run:'),
      command(again(state, summary, false)));
  }
  if (line.state === 'sweeping') {
    return el('p', {},
      'It is approved: the next tidemark collect sweeps it, or the one with --schedule within a minute.');
  }
  return ended(line) && el('div', {}, el('p', {}, 'To look what may go now, type:'),
    command(again(state, summary, true)));
};

const counts = (name, some, all) => figure(name, number(some), 'of ' + number(all));

const found = summary => [
  counts('Blobs', going(summary, 'blob', summary.blobs.eligible.count), summary.blobs.found.count),
  counts('Manifests', going(summary, 'manifest', summary.manifests.eligible), summary.manifests.found),
  counts('Layer links', going(summary, 'layer', summary.layerLinks.eligible), summary.layerLinks.found),
  summary.policy && counts('Tags', going(summary, 'tag', summary.policy.going), summary.tags),
  many(summary.swept?.spared) > 0 && figure('Spared', number(many(summary.swept.spared)), 'by the second look'),
  many(summary.swept?.failed) > 0 && figure('Failed', number(many(summary.swept.failed)), 'to be tried again'),
];

const figures = (line, summary) => el('dl', {class: 'figures'},
  summary
    ? el('div', {class: 'lead change'}, el('dt', {}, tense(summary)), el('dd', {}, bytes(freed(summary))),
      el('dd', {class: 'soft'}, ofAll(summary)))
    : el('div', {class: 'lead'}, el('dt', {}, 'Would be freed'), el('dd', {}, '–'),
      el('dd', {class: 'soft'}, active(line.state) ? 'not known yet' : 'nothing was decided')),
  summary && found(summary),
  line.seconds !== undefined && figure('Took', elapsed(line.seconds)));

const why = (line, shown) => shown.why && notice(stateLook(line),
  line.state === 'waiting' ? 'It waits for approval. Nothing is deleted.' : 'It has ended early.',
  el('p', {}, sentence(shown.why)));

// What is wrong after a sweep, or has to be done.
const warnings = summary => summary?.swept && [
  summary.verified?.missing > 0 && notice('bad',
    'It has deleted ' + counted(summary.verified.missing, 'file') + ' that live manifests need.',
    el('p', {}, 'Undo it: what is in the trash comes back.')),
  summary.cache && notice('warn', 'The registry may remember what is gone', el('p', {}, sentence(summary.cache))),
];

export const runCard = (context, title, line, shown, isLatest) => el('section',
  {class: 'card run', 'aria-labelledby': 'run'},
  el('div', {class: 'cardhead'}, el('h2', {id: 'run'}, title),
    el('span', {class: 'state ' + stateLook(line)}, stateWords(line))),
  el('p', {class: 'soft'}, sentence(asked(line))),
  figures(line, shown.summary),
  el('div', {class: 'buttons'}, buttons(context, line, shown.summary, isLatest)),
  active(line.state) && !(context.state.local && line.state === 'sweeping')
    && el('div', {}, el('p', {}, phases[line.state]), shown.progress && progress(shown.progress)),
  warnings(shown.summary),
  why(line, shown),
  hint(context, line, shown.summary, isLatest));

export const noRun = ({state, act, after}) => el('section', {class: 'card'},
  el('h2', {}, 'No run yet'),
  el('p', {class: 'soft'}, 'A dry run finds out what may go. It changes nothing.'),
  state.canRun ? el('button',
    {type: 'button', class: 'primary', id: 'look', onclick: () => act(() => lookWhatMayGo(after))}, 'Look what may go')
    : !state.readOnly && command(typed('collect', '--dry-run', ...state.options, state.registry || 'REGISTRY')));
