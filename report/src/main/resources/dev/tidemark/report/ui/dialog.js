import {el, reason} from './dom.js';
import {complain} from './messages.js';

// The question before something is done.

const dialog = document.getElementById('dialog');

// The view that it asks about is another now.
window.addEventListener('hashchange', () => dialog.close());

export const isOpen = () => dialog.open;

export const onClose = listener => dialog.addEventListener('close', listener);

const content = (title, parts, buttons) => dialog.replaceChildren(
  el('h2', {id: 'dialog-title'}, title), ...parts, el('div', {role: 'alert'}), el('div', {class: 'buttons'}, buttons));

// At first the keyboard is on the button that does nothing. Shows the words of waiting until look has found out the
// rest: {parts, action, doing, act, after}. The nodes of parts say all that has to be known. action are the button's
// words, with the figures, and doing those while act works. An error of look or act is shown here. after follows when
// all is done.
export const ask = async (title, waiting, look) => {
  const later = el('button', {type: 'button', onclick: () => dialog.close()}, 'Not now');
  const shown = () => dialog.open && later.isConnected;
  content(title, [el('p', {}, waiting)], later);
  dialog.showModal();
  later.focus();
  let found;
  try {
    found = await look();
  } catch (e) {
    if (!shown()) return complain(title, e);
    content(title, [refusal(e)], later);
    return later.focus();
  }
  if (!shown()) return;
  const {parts, action, doing, act, after} = found;
  const button = el('button', {type: 'button', class: 'act'}, action);
  button.addEventListener('click', async () => {
    // The button keeps the keyboard while it works. A second press does nothing.
    if (button.getAttribute('aria-disabled')) return;
    button.setAttribute('aria-disabled', 'true');
    button.textContent = doing;
    dialog.querySelector('[role=alert]').replaceChildren();
    try {
      await act();
    } catch (e) {
      button.removeAttribute('aria-disabled');
      button.textContent = action;
      if (shown()) dialog.querySelector('[role=alert]').replaceChildren(refusal(e));
      else complain(title, e);
      return;
    }
    if (shown()) dialog.close();
    await after();
  });
  content(title, parts, action ? [button, later] : later);
  later.focus();
};

const refusal = error => el('div', {class: 'notice bad'}, reason(error));
