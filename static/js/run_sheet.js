// The live clock of a run sheet: which part is on, what is left of it, what comes next. The table says it all without.
(() => {
  const clock = document.getElementById('run-clock');
  if (!clock) return;
  const skew = Date.parse(clock.dataset.now) - Date.now();  // the server's clock counts, whatever this device says
  const begins = Date.parse(clock.dataset.starts), over = Date.parse(clock.dataset.ends);
  const steps = [...document.querySelectorAll('[data-step]')].map(row => ({
    row, title: row.dataset.step, state: row.dataset.state, todo: row.dataset.do, when: row.querySelector('time').textContent,
    starts: Date.parse(row.dataset.starts), ends: Date.parse(row.dataset.ends),
  }));
  const field = name => clock.querySelector(`[data-clock="${name}"]`);
  const [part, left, bar, state, next, said] = ['part', 'left', 'bar', 'state', 'next', 'said'].map(field);
  const write = (element, text) => { if (element.textContent !== text) element.textContent = text; };
  const inWords = ms => {
    const minutes = Math.ceil(ms / 60000);
    if (minutes > 2880) return `${Math.floor(minutes / 1440)} days`;
    if (minutes > 90) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
    return ms < 60000 ? 'less than a minute' : `${minutes} min`;
  };
  let shown;

  const print = document.querySelector('[data-print]');
  print.hidden = false;
  print.addEventListener('click', () => window.print());

  const tick = () => {
    const now = Date.now() + skew;
    const at = now < over ? steps.findLastIndex(step => step.starts <= now) : -1;
    const step = steps[at], following = now < over ? steps[at + 1] : undefined;
    const until = step ? (following ? following.starts : step.ends) : begins;
    if (now >= over) {
      write(part, 'The call is over');
      write(left, '');
    } else if (now < begins) {
      write(part, 'Not begun yet');
      write(left, `begins in ${inWords(begins - now)}`);
    } else {
      write(part, step ? step.title : 'The call is on');
      write(left, !step ? '' : now < until ? `${inWords(until - now)} left` : 'time to end');
    }
    clock.classList.toggle('is-ending', Boolean(step) && until - now < 120000);
    bar.hidden = !step;
    if (step) bar.value = Math.min(1, (now - step.starts) / (until - step.starts));
    write(state, step ? step.state : '');
    write(next, following ? `${following.when} ${following.title}${following.todo && ': '}${following.todo}` : '');
    if (shown === at) return;
    for (const each of steps) each.row.toggleAttribute('aria-current', false);
    if (step) step.row.setAttribute('aria-current', 'step');
    // Only what changes while somebody looks is said: a page that has just been opened speaks for itself.
    if (shown !== undefined) write(said, step ? [step.title, step.todo || step.state].join(': ') : part.textContent);
    shown = at;
  };

  tick();
  setInterval(tick, 1000);
  document.addEventListener('visibilitychange', tick);
})();
