import {typed} from './actions.js';
import {post} from './api.js';
import {card, command, el, figure} from './dom.js';
import {tagsByRule} from './rules.js';
import {bytes, counted, number} from './text.js';

// A policy is tried: which tags would go.

const sum = (groups, of) => groups.reduce((all, group) => all + group[of], 0);

const result = groups => [
  el('dl', {class: 'figures'},
    el('div', {class: 'lead change'}, el('dt', {}, 'Would be freed'), el('dd', {}, bytes(sum(groups, 'bytes')))),
    figure('Tags that go', number(sum(groups, 'going'))), figure('Tags that stay', number(sum(groups, 'kept')))),
  tagsByRule(groups),
];

export const policyView = context => ({
  heading: 'Policy',
  read: async () => ({answers: []}),
  draw: () => {
    if (!context.state.canTry) {
      const {local, options, registry} = context.state;
      return [card('Try a policy', 'A try is a dry run with the policy: it deletes nothing. Type:', command(local
        ? typed('policy', 'try', ...options, 'policy.yml', registry || 'REGISTRY')
        : typed('run', '--dry-run', '--policy', 'policy.yml', ...options)))];
    }
    const text = el('textarea',
      {id: 'policy-text', rows: 14, spellcheck: 'false', autocapitalize: 'off', required: true});
    const status = el('p', {role: 'status'});
    const found = el('div');
    const button = el('button', {class: 'primary'}, 'Try it');
    const form = el('form', {onsubmit: event => {
      event.preventDefault();
      if (button.getAttribute('aria-disabled')) return;
      button.setAttribute('aria-disabled', 'true');
      found.replaceChildren();
      status.textContent = 'It is tried on the whole registry, which takes as long as a dry run…';
      context.act(async () => {
        const groups = await post('policy', {policy: text.value});
        found.replaceChildren(...result(groups));
        status.textContent = counted(sum(groups, 'going'), 'tag') + ' would go.';
      }, () => {
        status.textContent = '';
      }).then(() => button.removeAttribute('aria-disabled'));
    }}, el('label', {for: 'policy-text'}, 'Policy, as YAML'), text, el('div', {class: 'buttons'}, button));
    return [card('Try a policy', 'A try is a dry run with the policy: it deletes nothing.', form, status, found)];
  },
  follows: () => false,
});
