'use strict';
window.addEventListener('error', event => { document.documentElement.dataset.error = event.message; });
window.addEventListener('securitypolicyviolation', event => { document.documentElement.dataset.violation = event.violatedDirective; });

(() => {
  const PAGE = 50;
  const byId = id => document.getElementById(id);
  const data = JSON.parse(byId('rows').textContent);
  const body = byId('listing');
  const number = new Intl.NumberFormat('en-US');

  // As the page itself is written: what can't be seen, or turns the direction of text, is shown as such.
  const clean = text => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\ufffd');
  const at = index => index < 0 ? '' : data.strings[index];
  const bytes = size => {
    const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];
    let unit = 0;
    let value = size;
    while (value >= 999.95 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return (unit === 0 ? size : value.toFixed(1)) + ' ' + units[unit];
  };
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const day = time => {
    const date = new Date(time);
    return date.getUTCDate() + ' ' + months[date.getUTCMonth()] + ' ' + date.getUTCFullYear();
  };

  const rows = data.rows.map(([kind, digest, repositories, holders, tags, size, reason, written, outcome, why]) => {
    const row = {
      kind: data.kinds[kind], names: data.names[kind], digest, repositories: repositories.map(at), holders, tags: tags.map(at), size,
      reason: at(reason), written, outcome: at(outcome), why: at(why),
    };
    row.text = [row.kind, digest, row.reason, row.outcome, row.why, ...row.repositories, ...row.tags].join('\n').toLowerCase();
    return row;
  });

  const element = (name, className, text) => {
    const node = document.createElement(name);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = clean(text);
    return node;
  };
  const cell = (className, label) => {
    const node = element('td', className);
    node.setAttribute('role', 'cell');
    if (label) node.dataset.label = label;
    return node;
  };
  const rendered = row => {
    const line = element('tr');
    line.setAttribute('role', 'row');
    const what = cell('what');
    what.append(element('span', '', row.kind));
    const digest = element('code', 'digest', row.digest);
    digest.title = row.digest;
    what.append(digest);
    const where = cell('where');
    row.repositories.forEach(name => {
      const span = element('span');
      span.append(element('bdi', '', name));
      where.append(span);
    });
    if (row.repositories.length === 0) where.append(element('span', 'soft', 'linked by no repository'));
    if (row.holders > row.repositories.length) {
      where.append(element('span', 'soft', 'and ' + number.format(row.holders - row.repositories.length) + ' more'));
    }
    if (row.tags.length > 0) {
      where.append(element('span', 'soft', row.names + ' ' + row.tags.join(', ')));
    }
    const size = cell('num', 'Size');
    size.append(['blob', 'upload', 'multipart upload'].includes(row.kind) ? bytes(row.size) : '–');
    const written = cell('', 'Last written');
    written.append(row.written === null ? 'not known' : day(row.written));
    const why = cell('why');
    const mark = element('span', 'mark ' + data.looks[row.outcome], row.outcome.replace('-', ' '));
    why.append(mark, clean(row.why ? row.why + ' (' + row.reason + ')' : row.reason));
    line.append(what, where, size, written, why);
    return line;
  };

  const orders = {
    what: row => row.kind + row.digest,
    where: row => row.repositories[0] || '',
    size: row => row.size,
    written: row => row.written === null ? -1 : row.written,
    why: row => row.outcome + row.why + row.reason,
  };
  let sorted = null;
  let descending = false;
  let shown = PAGE;
  let found = rows;

  const show = () => {
    body.replaceChildren(...found.slice(0, shown).map(rendered));
    byId('more').hidden = found.length <= shown;
    byId('nothing').hidden = found.length > 0;
    byId('count').textContent =
      number.format(Math.min(shown, found.length)) + ' of ' + number.format(found.length) + ' rows'
      + (found.length < rows.length ? ' that match, of ' + number.format(rows.length) + ' in this file' : '');
  };
  const search = () => {
    const words = byId('search').value.toLowerCase().split(/\s+/).filter(Boolean);
    const kind = byId('kind').value;
    const outcome = byId('outcome').value;
    found = rows.filter(row =>
      (!kind || row.kind === kind) && (!outcome || row.outcome === outcome) && words.every(word => row.text.includes(word)));
    if (sorted) {
      const key = orders[sorted];
      const sign = descending ? -1 : 1;
      found = found.map(row => [key(row), row]).sort(([a], [b]) => (a < b ? -sign : a > b ? sign : 0)).map(([, row]) => row);
    }
    shown = PAGE;
    show();
  };

  document.querySelectorAll('th[data-sort]').forEach(head => {
    const button = element('button', '', head.textContent);
    button.type = 'button';
    button.addEventListener('click', () => {
      const key = head.dataset.sort;
      descending = sorted === key ? !descending : key === 'size';
      sorted = key;
      document.querySelectorAll('th[data-sort]').forEach(other => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      search();
    });
    head.replaceChildren(button);
  });
  ['search', 'kind', 'outcome'].forEach(id => byId(id).addEventListener('input', search));
  byId('more').addEventListener('click', () => {
    const first = shown;
    shown += PAGE;
    show();
    // The keyboard goes on where the new rows begin.
    body.children[first].tabIndex = -1;
    body.children[first].focus({preventScroll: true});
  });

  // What is asked for after the #, as q=team/app&kind=blob&outcome=spared, can be linked to.
  const fromAddress = () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    byId('search').value = asked.get('q') || '';
    byId('kind').value = asked.get('kind') || '';
    byId('outcome').value = asked.get('outcome') || '';
    search();
  };
  window.addEventListener('hashchange', fromAddress);

  const map = byId('map');
  if (map) {
    const note = byId('chosen');
    const button = byId('choose');
    let path = '';
    map.addEventListener('click', event => {
      const tile = event.target.closest('.tile');
      if (!tile) return;
      map.querySelectorAll('.chosen').forEach(other => other.classList.remove('chosen'));
      tile.classList.add('chosen');
      note.textContent = tile.title;
      path = tile.dataset.path || '';
      button.hidden = !path;
    });
    button.addEventListener('click', () => {
      byId('search').value = path;
      search();
      byId('search').focus();
      byId('table').scrollIntoView();
    });
  }

  document.querySelectorAll('[data-scripted]').forEach(part => { part.hidden = false; });
  document.documentElement.classList.add('scripted');
  fromAddress();
  document.documentElement.dataset.ready = 'true';
})();
