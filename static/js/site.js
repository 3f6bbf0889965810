// Small behaviours that every page shares. Each stands beside HTML that works without it.
// No inline handlers and no eval: the page's Content-Security-Policy forbids both.
(() => {
  const root = document.documentElement;
  const YEAR = 31536000;
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const readCookie = name => document.cookie.split('; ').find(pair => pair.startsWith(name + '='))?.slice(name.length + 1);
  const writeCookie = (name, value) => { document.cookie = `${name}=${value};path=/;max-age=${YEAR};samesite=lax`; };
  const announce = text => { const live = document.getElementById('live'); if (live) live.textContent = text; };

  // Theme ---------------------------------------------------------------------------------------------------------
  const isDark = () => root.dataset.theme === 'dark' ||
    (root.dataset.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.addEventListener('submit', event => {
    if (!event.target.matches('[data-theme-form]')) return;
    event.preventDefault();
    root.dataset.theme = isDark() ? 'light' : 'dark';
    writeCookie('theme', root.dataset.theme);
    announce(root.dataset.theme === 'dark' ? 'Dark colours' : 'Light colours');
  });

  // Time: the server renders in the zone it knows (html data-zone); where that is not the visitor's, the same text
  // is written again in place. Cached public pages never know it, so there this is the only way. ------------------
  const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
  const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
  const parts = (moment, zone) => {
    const format = new Intl.DateTimeFormat('en-GB', {timeZone: zone, hourCycle: 'h23',
      year: 'numeric', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit'});
    const found = Object.fromEntries(format.formatToParts(moment).map(part => [part.type, part.value]));
    const weekday = DAYS[new Date(Date.UTC(found.year, found.month - 1, found.day)).getUTCDay()];
    return {...found, weekday, month: MONTHS[found.month - 1], time: `${found.hour}:${found.minute}`};
  };
  const SHAPES = {
    time: at => at.time,
    range: (at, until) => until ? `${at.time}–${until.time}` : at.time,
    day: at => `${+at.day}`,
    month: at => at.month.slice(0, 3),
    weekday: at => at.weekday.slice(0, 3),
    date: at => `${+at.day} ${at.month.slice(0, 3)}`,
    'date-year': at => `${+at.day} ${at.month.slice(0, 3)} ${at.year}`,
    long: at => `${at.weekday} ${+at.day} ${at.month}`,
    full: at => `${at.weekday.slice(0, 3)} ${+at.day} ${at.month.slice(0, 3)}, ${at.time}`,
  };
  const cityOf = zone => zone.split('/').pop().replaceAll('_', ' ');
  const knownZone = zone => { try { return zone && new Intl.DateTimeFormat('en', {timeZone: zone}) && zone; } catch { return undefined; } };
  const deviceZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const asked = new URLSearchParams(location.search).has('tz') && root.dataset.zone;  // ?tz= is the server's to answer
  const chosen = asked || knownZone(readCookie('tz')) || deviceZone;
  if (!readCookie('tz') && deviceZone) writeCookie('tz', deviceZone);

  const setText = (element, text) => { if (element.textContent !== text) element.textContent = text; };
  const localize = () => {
    if (!chosen || chosen === root.dataset.zone) return;
    for (const element of all('time[data-local]')) {
      const shape = SHAPES[element.dataset.local], until = element.dataset.until;
      if (shape) setText(element, shape(parts(new Date(element.dateTime), chosen), until && parts(new Date(until), chosen)));
    }
    for (const element of all('[data-local-label]')) setText(element, element.dataset.localLabel);
    for (const element of all('[data-own]')) {
      const moment = new Date(element.dataset.own), here = parts(moment, chosen), there = parts(moment, element.dataset.ownZone);
      element.hidden = here.time === there.time && here.day === there.day;
      setText(element, element.textContent.replace(/^(\w{3} )?\d/, digit => (here.day === there.day ? '' : SHAPES.weekday(there) + ' ') + digit.slice(-1)));
    }
    for (const element of all('[data-zone-city], [data-zone-said]')) setText(element, cityOf(chosen));
  };
  const tick = () => { for (const clock of all('[data-zone-now]')) if (chosen) setText(clock, parts(new Date(), chosen).time); };
  const offerDeviceZone = () => {
    for (const select of all('[data-zone-choice]')) {
      if (deviceZone && !all('option', select).some(option => option.value === deviceZone)) select.prepend(new Option(`${cityOf(deviceZone)} (this device)`, deviceZone));
      if (chosen && all('option', select).some(option => option.value === chosen)) select.value = chosen;
    }
  };

  // Errors: a page that comes back with some opens on its summary; its links go to the field itself. ---------------
  const focusSummary = () => { const summary = document.getElementById('summary'); if (summary && !summary.dataset.seen) { summary.dataset.seen = ''; summary.focus(); } };
  const CONTROLS = 'input:not([type="hidden"]), textarea, select, button';
  document.addEventListener('click', event => {
    const link = event.target.closest('.summary a[href^="#"]');
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    (target.matches(CONTROLS) ? target : target.querySelector(CONTROLS))?.focus({preventScroll: true});
    (target.closest('.field') ?? target).scrollIntoView({block: 'start'});
  });

  // Counters --------------------------------------------------------------------------------------------------------
  const count = field => {
    const counter = field.id && document.querySelector(`[data-count-for="${CSS.escape(field.id)}"]`);
    if (!counter) return;
    const length = [...field.value].length;
    counter.querySelector('span').textContent = length;
    counter.classList.toggle('is-over', length > +counter.dataset.max);
  };
  document.addEventListener('input', event => count(event.target));

  // Toasts and copying ----------------------------------------------------------------------------------------------
  const toast = text => {
    const element = document.createElement('div');
    element.className = 'toast';
    element.append(Object.assign(document.createElement('span'), {textContent: text}));
    document.getElementById('toasts').replaceChildren(element);
    setTimeout(() => element.remove(), 4000);
  };
  document.addEventListener('click', async event => {
    event.target.closest('[data-dismiss]')?.closest('.toast, .notice')?.remove();
    const button = event.target.closest('[data-copy]');
    if (!button) return;
    const source = document.querySelector(button.dataset.copy), text = source.value ?? source.textContent;
    try { await navigator.clipboard.writeText(text); toast('Copied'); }
    catch { source.select?.(); toast('Press Ctrl+C to copy'); }  // no clipboard without https
  });

  // A part under the Rule cannot be recorded, unless it is a talk; the server says so too. ------------------------
  const closeTapes = () => all('[data-group]:has([name$="-under_rule"])').forEach(group => {
    const tape = group.querySelector('[name$="-recorded"]'), kind = group.querySelector('[name$="-kind"]');
    tape.disabled = kind.value !== 'talk' && group.querySelector('[name$="-under_rule"]').checked;
    if (tape.disabled) tape.checked = false;
  });
  document.addEventListener('change', event => { if (event.target.closest('[data-group]')) closeTapes(); });
  closeTapes();

  // Groups that repeat: <div data-groups="speakers">, <template data-template="speakers">, buttons data-add and data-remove.
  // Without JavaScript the same buttons submit the form, and the server adds or takes away the group.
  const renumber = groups => all('[data-group]', groups).forEach((group, index) => {
    all('[data-number]', group).forEach(number => { number.textContent = index + 1; });
  });
  const limit = groups => {
    const size = all('[data-group]', groups).length, add = document.querySelector(`[data-add="${groups.dataset.groups}"]`);
    if (add) add.hidden = size >= +(groups.dataset.max || Infinity);
    all('[data-remove]', groups).forEach(button => { button.hidden = size <= +(groups.dataset.min || 0); });
  };
  const fill = (node, index) => {
    for (const element of all('*', node)) {
      for (const {name, value} of [...element.attributes]) if (value.includes('__index__')) element.setAttribute(name, value.replaceAll('__index__', index));
      if (element.content) fill(element.content, index);
    }
  };
  document.addEventListener('click', event => {
    const add = event.target.closest('[data-add]'), remove = event.target.closest('[data-remove]');
    const groups = add ? document.querySelector(`[data-groups="${add.dataset.add}"]`) : remove?.closest('[data-groups]');
    if (!groups) return;
    event.preventDefault();
    if (add) {
      const next = Math.max(-1, +(groups.dataset.last ?? all('[data-group]', groups).length - 1)) + 1;
      const fresh = document.querySelector(`template[data-template="${add.dataset.add}"]`).content.cloneNode(true);
      groups.dataset.last = next;
      fill(fresh, next);
      groups.append(fresh);
      all('[data-group]', groups).at(-1).querySelector(CONTROLS.replace(', button', ''))?.focus();
    } else {
      groups.dataset.last ??= all('[data-group]', groups).length - 1;  // a number is never given twice
      remove.closest('[data-group]').remove();
      announce('Removed');
    }
    renumber(groups);
    limit(groups);
    if (remove) document.querySelector(`[data-add="${groups.dataset.groups}"]`)?.focus();
  });

  // Menus: native details and summary; here only what closes them. ---------------------------------------------------
  const openMenus = () => all('details.menu[open], details.conv[open]');
  const items = menu => all('a, button, select, input:not([type="hidden"])', menu).filter(item => item.offsetParent);
  document.addEventListener('click', event => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
    const opener = event.target.closest('[data-open]'), menu = opener && document.getElementById(opener.dataset.open);
    if (!menu) return;
    event.preventDefault();
    menu.open = true;
    items(menu)[0]?.focus();
  });
  document.addEventListener('focusout', event => {
    const menu = event.target.closest?.('details.menu[open]');
    if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  document.addEventListener('keydown', event => {
    const menu = event.target.closest?.('details.menu[open], details.conv[open]') ?? openMenus()[0];
    if (!menu) return;
    if (event.key === 'Escape') { menu.open = false; menu.querySelector('summary').focus(); event.stopPropagation(); }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    if (!menu.contains(event.target) || event.target.matches('select, input')) return;
    const list = items(menu), step = event.key === 'ArrowDown' ? 1 : -1, at = list.indexOf(event.target);
    if (!list.length) return;
    event.preventDefault();
    list[at < 0 ? (step > 0 ? 0 : list.length - 1) : (at + step + list.length) % list.length].focus();
  });

  // A choice that is its own submit: <form data-autosubmit>. Its button carries .no-js. ------------------------------
  document.addEventListener('change', event => event.target.closest('[data-autosubmit]')?.closest('form').requestSubmit());

  const refresh = () => {
    localize(); tick(); offerDeviceZone(); focusSummary();
    all('[data-groups]').forEach(limit);
  };
  refresh();
  setInterval(tick, 20000);
  document.addEventListener('htmx:after:swap', refresh);
})();
