import {capital, counted, moment, share, bytes} from './text.js';

// What is known of a run, in the words of the report. A run is a line of `tidemark runs`, shown is `tidemark show`.

export const active = state => ['requested', 'enumerated', 'sweeping'].includes(state);

export const stateWords = ({state, dryRun, failures}) =>
  state === 'decided' && dryRun ? 'dry run, decided'
    : state === 'waiting' ? 'waiting for approval'
      : state === 'swept' && failures > 0 ? 'swept, with failures' : state;

export const stateLook = ({state, failures}) =>
  state === 'swept' ? failures > 0 ? 'bad' : 'good'
    : state === 'waiting' ? 'warn' : ['failed', 'cancelled'].includes(state) ? 'bad' : 'info';

export const tense = ({state, swept}) =>
  state === 'swept' ? 'Freed'
    : swept ? 'Freed so far'
      : ['failed', 'cancelled'].includes(state) ? 'Would have been freed'
        : state === 'sweeping' ? 'To be freed' : 'Would be freed';

const sum = (tallies, of) => Object.values(tallies || {}).reduce((all, tally) => all + tally[of], 0);

// All bytes that a run frees, or has freed.
export const freed = summary => summary.swept ? summary.swept.bytesFreed
  : summary.blobs.eligible.bytes + sum(summary.leftovers?.eligible, 'bytes');

export const ofAll = summary =>
  share(freed(summary), summary.blobs.found.bytes) + ' of the ' + bytes(summary.blobs.found.bytes) + ' found';

// How many the sweeper has kept, or could not delete: of a map by reason.
export const many = byReason => Object.values(byReason || {}).reduce((all, count) => all + count, 0);

// How many of a kind go, or were deleted.
export const going = (summary, kind, eligible) => summary.swept ? summary.swept.deleted?.[kind]?.count || 0 : eligible;

// Blobs, manifests, and all else that goes: a list of words.
export const amounts = summary => [
  [summary.blobs.eligible.count, 'blob'],
  [summary.manifests.eligible, 'manifest'],
  [summary.layerLinks.eligible, 'layer link'],
  [summary.policy?.going || 0, 'tag'],
  [sum(summary.leftovers?.eligible, 'count'), 'leftover'],
].filter(([count]) => count > 0).map(([count, noun]) => counted(count, noun));

// The options that the run was asked for with, as words of the command line and what they mean.
export const options = summary => [
  summary.dryRun && ['--dry-run', ''],
  summary.deleteUntagged && ['--delete-untagged', ''],
  summary.policy && ['--policy', 'lets tags go'],
  ['--min-age ' + summary.minAge, 'keeps what was written since ' + moment(summary.cutoff)],
  ['--max-delete ' + summary.maxDelete, 'waits if more is eligible'],
].filter(Boolean);

export const asked = run => 'asked for by ' + (run.by || 'somebody') + ' on ' + moment(run.requested);

export const sentence = text => capital(text) + (/[.!?]$/.test(text) ? '' : '.');
