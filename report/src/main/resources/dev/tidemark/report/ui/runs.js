import {get, runPath} from './api.js';
import {card, el, runLink, table} from './dom.js';
import {active, stateLook, stateWords} from './facts.js';
import {noRun, runCard} from './latest.js';
import {bytes, elapsed, moment} from './text.js';

// The view that the page begins with: the latest run, and those before it.

const words = run => [run.dryRun && 'dry run', run.deleteUntagged && 'untagged', run.policy && 'policy']
  .filter(Boolean).join(', ');

const columns = [{name: 'Run', look: 'c-run'}, {name: 'State', look: 'c-state'}, {name: 'Eligible', look: 'num'},
  {name: 'Freed', look: 'num'}, {name: 'Took', look: 'num'}, {name: 'Asked for', look: 'c-asked'}];

const row = run => [
  [runLink(run.run), words(run) && el('span', {class: 'soft'}, ' ' + words(run))],
  el('span', {class: 'mark ' + stateLook(run)}, stateWords(run)),
  bytes(run.eligibleBytes), bytes(run.bytesFreed), run.seconds === undefined ? '–' : elapsed(run.seconds),
  [moment(run.requested), run.by && el('span', {class: 'soft'}, ' by ' + run.by)],
];

export const runsView = context => {
  // A run that has ended says the same for ever.
  let known = {};
  return {
    heading: 'Runs',
    read: async () => {
      const runs = await get('runs');
      const latest = runs.body[0];
      if (!latest) return {answers: [runs], runs: []};
      const key = JSON.stringify(latest);
      if (known.key !== key || active(latest.state)) {
        known = {key, shown: await get(runPath(latest.run))};
      }
      return {answers: [runs], runs: runs.body, shown: known.shown.body};
    },
    draw: ({runs, shown}) => runs.length === 0 ? [noRun(context)] : [
      runCard(context, ['Latest run ', runLink(runs[0].run)], runs[0], shown, true),
      card('All runs', 'The latest first.', table('Runs', 'runs', columns, runs.map(row))),
    ],
    follows: () => true,
  };
};
