// Within pages of others: the times on this device's clock. It keeps nothing, asks nobody and reads no cookie.
(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone) return;
  const format = new Intl.DateTimeFormat('en-GB', {timeZone: zone, hourCycle: 'h23', weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit'});
  const shapes = {
    day: at => at.day,
    month: at => at.month.slice(0, 3),
    full: at => `${at.weekday} ${at.day} ${at.month.slice(0, 3)}, ${at.hour}:${at.minute}`,
  };
  for (const element of document.querySelectorAll('time[data-local]')) {
    const at = Object.fromEntries(format.formatToParts(new Date(element.dateTime)).map(part => [part.type, part.value]));
    element.textContent = shapes[element.dataset.local]?.(at) ?? element.textContent;
  }
  for (const element of document.querySelectorAll('[data-local-label]')) element.textContent = element.dataset.localLabel;
})();
