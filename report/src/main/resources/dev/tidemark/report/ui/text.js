// Times, bytes and numbers, as the commands and the report print them.

// What can't be seen, or turns the direction of text, is shown as such: a name must not look like another.
export const clean = text => String(text).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\ufffd');

export const number = new Intl.NumberFormat('en-US').format;

export const bytes = size => {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];
  let unit = 0;
  let value = size;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return (unit === 0 ? size : value.toFixed(1)) + ' ' + units[unit];
};

// The noun is in the singular.
export const counted = (count, noun) =>
  number(count) + ' ' + (count === 1 ? noun : /[^aeiou]y$/.test(noun) ? noun.slice(0, -1) + 'ies' : noun + 's');

// A part that is not all must not read as all: 100 % is for the whole alone.
export const share = (part, whole) => {
  const percent = whole === 0 ? 0 : 100 * part / whole;
  if (part === 0) return '0 %';
  if (percent < 0.1) return '< 0.1 %';
  return percent < 10 || (percent >= 99.5 && part < whole)
    ? Math.min(percent, part < whole ? 99.9 : 100).toFixed(1) + ' %'
    : percent.toFixed(0) + ' %';
};

export const elapsed = seconds => {
  const two = value => String(Math.floor(value)).padStart(2, '0');
  if (seconds < 60) return seconds.toFixed(1) + ' s';
  return seconds < 3600
    ? Math.floor(seconds / 60) + ' m ' + two(seconds % 60) + ' s'
    : Math.floor(seconds / 3600) + ' h ' + two(seconds % 3600 / 60) + ' m';
};

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const clock = date => date.toISOString().slice(11, 16);

// Of ms since the epoch, or of ISO 8601.
export const day = time => {
  const date = new Date(time);
  return date.getUTCDate() + ' ' + months[date.getUTCMonth()] + ' ' + date.getUTCFullYear();
};
export const moment = time => day(time) + ', ' + clock(new Date(time)) + ' UTC';

export const capital = words => words.charAt(0).toUpperCase() + words.slice(1);

// The beginning of a digest, enough to know it by.
export const shortened = digest => digest.replace(/^(\w+:[0-9a-f]{12})[0-9a-f]+$/, '$1');

const kinds = {layer: 'layer link', multipart: 'multipart upload', directory: 'empty directory',
  repository: 'empty repository', link: 'dangling link'};
export const kindWords = kind => kinds[kind] || kind;
