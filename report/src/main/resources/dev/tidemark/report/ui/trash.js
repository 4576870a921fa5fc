import {get} from './api.js';
import {purge, undo} from './actions.js';
import {card, command, el, runLink, table} from './dom.js';
import {bytes, counted, moment, number} from './text.js';

// What was swept and can come back.

const columns = [{name: 'Run', look: 'c-run'}, {name: 'Files', look: 'num'}, {name: 'Bytes', look: 'num'},
  {name: 'Kept until', look: 'c-until'}, {name: 'Undo', look: 'c-do'}];

export const trashView = context => ({
  heading: 'Trash',
  read: async () => {
    const trash = await get('trash');
    return {answers: [trash], trash: trash.body};
  },
  draw: ({trash}) => {
    if (trash.length === 0) {
      return [card('The trash is empty', 'Nothing can be brought back.')];
    }
    const button = entry => el('button', {type: 'button', id: 'undo-' + entry.run,
      'aria-label': 'Undo… the run ' + entry.run,
      onclick: () => undo(context.state, entry, context.after)}, 'Undo…');
    const row = entry => [runLink(entry.run), number(entry.files), bytes(entry.bytes),
      entry.keptUntil ? moment(entry.keptUntil) + ' at least' : '–', ...context.state.canUndo ? [button(entry)] : []];
    const sum = of => trash.reduce((all, entry) => all + entry[of], 0);
    return [
      card(bytes(sum('bytes')) + ' in ' + counted(sum('files'), 'file'),
        'Until it is purged, what a run has swept comes back as it was.',
        table('Trash by run', 'trash',
          context.state.canUndo ? columns : columns.slice(0, -1),
          trash.map(row))),
      card('If the disk is full',
        'The trash takes room until it is purged. This frees it at once, and nothing of it comes back after that:',
        command(purge(context.state))),
    ];
  },
  follows: () => false,
});
