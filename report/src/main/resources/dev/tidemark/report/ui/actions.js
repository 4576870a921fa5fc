import {post, runPath} from './api.js';
import {ask} from './dialog.js';
import {command, el, facts, named, notice} from './dom.js';
import {amounts, freed, ofAll, sentence} from './facts.js';
import {say} from './messages.js';
import {bytes, counted, moment, number} from './text.js';

// What can be done. Each asks first, and names the command that does the same.

const sameAs = line => el('div', {class: 'same'}, el('p', {class: 'soft'}, 'The same, typed:'), command(line));

// A command as a shell takes it.
export const typed = (...words) => ['tidemark', ...words].filter(Boolean)
  .map(word => /^[\w@%+=:,./-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'").join(' ');

const REGISTRY = 'REGISTRY';

export const purge = state => typed('trash', 'empty', ...state.options, state.registry || REGISTRY);

// Nobody but the process that sweeps knows how long its trash keeps things.
const undoable = (state, summary) => summary.trashNote
  || (state.local
    ? 'Yes, as long as the trash has it; Trash then says until when. Without --keep-trash that can be half a minute.'
    : 'Yes, as long as the trash has it: 24 hours, unless the sweeper is set otherwise. Trash then says until when.');

const losing = policy => policy?.emptied > 0 && notice('warn',
  counted(policy.emptied, 'repository') + (policy.emptied === 1 ? ' loses all its tags' : ' lose all their tags'),
  el('p', {}, (policy.first || []).map((name, at) => [at > 0 && ', ', named(name)]),
    policy.emptied > (policy.first || []).length && ' and more'));

const sweeps = (state, summary) => summary.dryRun
  ? 'A new run looks at the whole registry again, and deletes only what both have found.'
  : state.local
    ? 'tidemark collect --schedule sweeps it within a minute; without one, the next tidemark collect does.'
    : 'The sweeper begins at once. It looks at each file again before it goes.';

// After an approval the latest run is the one to look at.
export const approve = (state, summary, after) => {
  const room = bytes(freed(summary));
  return ask('Free ' + room + '?', '', async () => ({
    parts: [
      losing(summary.policy),
      facts([
        ['Goes', [el('strong', {}, room), ', ' + ofAll(summary)]],
        ['These are', amounts(summary).join(', ')],
        ['Waits because', summary.why && sentence(summary.why)],
        ['Then', sweeps(state, summary)],
        ['Can be undone', undoable(state, summary)],
        ['Room on disk', ['The trash takes it until it is purged. If the disk is full, ', el('code', {}, purge(state)),
          ' frees it at once, for good.']],
      ]),
      sameAs(typed('approve', ...state.options, summary.run)),
    ].filter(Boolean),
    action: 'Free ' + room,
    doing: 'Asking for it…',
    act: async () => {
      const {lines} = await post(runPath(summary.run, '/approve'));
      say(state.local ? 'Approved' : 'Approved: it begins', lines);
    },
    after,
  }));
};

export const cancel = (state, run, sweeping, after) => ask('Cancel the run ' + run + '?', '', async () => ({
  parts: [
    el('p', {}, sweeping ? 'Nothing more of it is deleted. What it has swept stays in the trash.'
      : 'Nothing of it is deleted. Another run can be asked for at any time.'),
    sameAs(typed('cancel', ...state.options, run)),
  ],
  action: 'Cancel the run',
  doing: 'Cancelling…',
  act: async () => {
    say('Cancelled', (await post(runPath(run, '/cancel'))).lines);
  },
  after,
}));

const files = tally => counted(tally.count, 'file') + ', ' + bytes(tally.bytes);

const FEW = 5;

// By repository, how many: of names as team/app:1.2 and team/app@sha256:….
const byRepository = (names = []) => {
  const counts = new Map();
  names.map(name => name.replace(/(@|:[^:@]*$).*/, '')).forEach(name => counts.set(name, (counts.get(name) || 0) + 1));
  const listed = [...counts].sort(([, a], [, b]) => b - a);
  return listed.length > 0 && [
    listed.slice(0, FEW).map(([name, count], at) => [at > 0 && ', ', number(count), ' of ', named(name)]),
    listed.length > FEW && ' and of ' + counted(listed.length - FEW, 'other repository'),
  ];
};

const failing = list => list && list.length > 0 && notice('bad', counted(list.length, 'file') + ' would not come back',
  el('ul', {class: 'names'},
    list.slice(0, FEW).map(one => el('li', {}, one)), list.length > FEW && el('li', {}, '…')));

export const undo = (state, {run, keptUntil}, after) => ask('Bring back what the run ' + run + ' has swept?',
  'Looking what would come back…', async () => {
    const look = await post(runPath(run, '/undo'), {dryRun: true});
    const all = files(look.restored);
    return {
      parts: [
        facts([
          ['Comes back', el('strong', {}, all)],
          ['Tags', byRepository(look.tags)],
          ['Manifests', byRepository(look.manifests)],
          ['Stays', look.inPlace > 0 && counted(look.inPlace, 'file') + ' that the registry has again by now'],
          ['Then', 'The manifests and tags are held for a week: no run takes them.'],
          ['In the trash', keptUntil && 'until ' + moment(keptUntil) + ' at least'],
        ]),
        failing(look.failed),
        sameAs(typed('undo', ...state.options, run, state.registry || REGISTRY)),
      ].filter(Boolean),
      action: look.restored.count > 0 && 'Bring back ' + all,
      doing: 'Bringing it back…',
      act: async () => {
        const back = await post(runPath(run, '/undo'), {dryRun: false});
        say(files(back.restored) + (back.restored.count === 1 ? ' is back' : ' are back'),
          (back.failed || []).map(why => 'not back: ' + why));
      },
      after,
    };
  });

// Changes nothing in the registry: nobody is asked.
export const lookWhatMayGo = async after => {
  say('A dry run is asked for', (await post('runs')).lines);
  await after();
};
