import {el, named, table} from './dom.js';
import {bytes, day, number} from './text.js';

// The tags of each repository by the rule that decides on them.

const columns = [{name: 'Repository', look: 'where'}, {name: 'Rule', look: 'where'}, {name: 'Kept', look: 'num'},
  {name: 'Going', look: 'num'}, {name: 'Frees', look: 'num'}, {name: 'Oldest that stays', look: 'where'},
  {name: 'Newest that goes', look: 'where'}];

const example = one => one ? [named(one.tag),
  el('span', {class: 'soft'}, ' ' + day(one.pushed) + ': ' + one.why)] : '–';

export const tagsByRule = groups => table('Tags by repository and rule', 'rules', columns, groups.map(group => [
  named(group.repository), group.rule || group.policy || 'no rule matches', number(group.kept), number(group.going),
  group.going > 0 ? bytes(group.bytes) : '–', example(group.oldestKept), example(group.newestGoing)]));
