// The board: dragging is an extra. Each handle opens a dialog with the same choices, and the server alone decides
// whether a move is allowed; this file only shows what it said (data-verdicts) and asks it (data-move).
(() => {
  const dialog = document.getElementById('move-dialog'), choices = document.getElementById('move-body');
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  let dragging = false, givenUp = false, asking = 0, origin = null;

  // What the server said ----------------------------------------------------------------------------------------------
  const here = card => card.closest('[data-slot]')?.dataset.slot;
  const verdict = (card, to) => {
    if (to === here(card)) return ['here', 'Here now'];
    if (to === 'inbox') return ['yes', 'Back to the inbox'];
    return JSON.parse(card.dataset.verdicts)[to] ?? ['no', 'Not shown'];
  };
  const mayGo = (card, to) => verdict(card, to)[0] !== 'no';

  const showVerdicts = card => {
    const from = here(card);
    for (const slot of all('[data-slot]')) {
      const [fit, words] = slot.dataset.slot === from ? ['here', 'Here now'] : verdict(card, slot.dataset.slot);
      slot.dataset.fit = fit;
      const said = slot.querySelector('[data-verdict]');
      said.textContent = said.title = words;
    }
  };
  const hideVerdicts = () => {
    for (const slot of all('[data-slot]')) {
      delete slot.dataset.fit;
      delete slot.dataset.over;
      slot.querySelector('[data-verdict]').textContent = '';
    }
  };

  // Asking ------------------------------------------------------------------------------------------------------------
  const say = text => {
    const toast = document.createElement('div');
    toast.className = 'toast';
    toast.append(Object.assign(document.createElement('span'), {textContent: text}));
    document.getElementById('toasts').replaceChildren(toast);
  };
  const move = (card, to, position) => {
    if (asking) return;
    card.setAttribute('aria-busy', 'true');
    const values = {to, version: card.dataset.version};
    if (position !== undefined) values.position = position;
    if (to !== 'inbox') values[`shown-${to}`] = document.getElementById(`slot-${to}`).dataset.version;
    htmx.ajax('POST', card.dataset.move, {source: '#board-asks', target: '#board', swap: 'outerMorph', values});
  };
  const putBack = () => {
    if (origin) origin.list.insertBefore(origin.card, origin.next);
    origin = null;
    all('.card[aria-busy]').forEach(card => card.removeAttribute('aria-busy'));
  };

  // The board refreshes itself, but never under somebody's hands: not while they drag, choose, type or wait.
  const isBusy = () => dragging || asking || dialog.open || document.hidden
    || document.querySelector('#board details[open]') || document.activeElement?.id === 'inbox-q';
  const isPoll = event => event.detail?.ctx?.sourceElement?.id === 'board-poll';
  document.addEventListener('htmx:before:request', event => {
    if (!isPoll(event)) asking += 1;
    else if (isBusy()) event.preventDefault();
  });
  document.addEventListener('htmx:before:swap', event => { if (isPoll(event) && isBusy()) event.preventDefault(); });
  document.addEventListener('htmx:finally:request', event => { if (!isPoll(event)) asking = Math.max(0, asking - 1); });
  document.addEventListener('htmx:error', event => {
    if (isPoll(event)) return;
    putBack();
    say('The server did not answer. Nothing was moved.');
  });
  document.addEventListener('htmx:response:error', putBack);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) htmx.trigger('#board-poll', 'every'); });

  // Dragging ----------------------------------------------------------------------------------------------------------
  const holdHeights = () => {
    const lists = all('[data-list]'), heights = lists.map(list => list.getBoundingClientRect().height);
    lists.forEach((list, index) => { list.style.minHeight = `${heights[index]}px`; });
  };
  const bind = list => {
    if (list.sortable) return;
    list.sortable = new Sortable(list, {
      group: 'board', draggable: '.card[data-move]', animation: 140, sort: list.dataset.list !== 'inbox',
      forceFallback: true, fallbackOnBody: true, fallbackTolerance: 5,  // the same drag everywhere, and a styled one
      delay: 180, delayOnTouchOnly: true, touchStartThreshold: 6,       // a swipe scrolls, a long press drags
      filter: '.menu', preventOnFilter: false,
      ghostClass: 'is-ghost', fallbackClass: 'is-lifted', scrollSensitivity: 80,
      onStart: ({item}) => {
        dragging = true;
        givenUp = false;
        origin = {card: item, list: item.parentElement, next: item.nextSibling};
        closeMenus();
        holdHeights();  // no slot may move under the pointer, and the place is shown as a line
        document.body.classList.add('is-dragging');
        showVerdicts(item);
      },
      onMove: ({to, dragged}) => {
        const slot = to.closest('[data-slot]');
        all('[data-over]').forEach(other => delete other.dataset.over);
        if (slot.dataset.fit === 'no') return false;
        slot.dataset.over = '';
        return dragged !== undefined;
      },
      onEnd: ({item, from, to, oldDraggableIndex, newDraggableIndex}) => {
        document.body.classList.remove('is-dragging');
        hideVerdicts();
        all('[data-list]').forEach(other => { other.style.minHeight = ''; });
        setTimeout(() => { dragging = false; });
        if (givenUp || (from === to && oldDraggableIndex === newDraggableIndex)) { putBack(); return; }
        move(item, to.dataset.list, to.dataset.list === 'inbox' ? undefined : newDraggableIndex);
      },
    });
  };
  // A drag ends with a click on what was under the pointer: that one must not open anything.
  document.addEventListener('click', event => {
    if (dragging) { event.stopPropagation(); event.preventDefault(); }
  }, true);

  // Escape gives a drag up: the card goes back, as if it was let go where it came from.
  document.addEventListener('keydown', event => {
    if (!dragging || event.key !== 'Escape') return;
    givenUp = true;
    document.dispatchEvent(new PointerEvent('pointerup', {bubbles: true}));
  });

  // The dialog --------------------------------------------------------------------------------------------------------
  const closeMenus = () => all('#board details[open]').forEach(menu => { menu.open = false; });
  const closeDialog = () => { choices.replaceChildren(); dialog.close(); };
  dialog.addEventListener('cancel', () => choices.replaceChildren());
  dialog.addEventListener('click', event => {
    if (event.target !== dialog && !event.target.closest('[data-close]')) return;
    event.preventDefault();
    closeDialog();
  });

  // The keyboard: shortcuts act only while a handle has focus, so they take no key from a reader or a field. ----------
  const reorder = (card, step) => {
    const list = card.parentElement, cards = all('.card', list), to = cards.indexOf(card) + step;
    if (list.dataset.list === 'inbox') return;
    if (to < 0 || to >= cards.length) say('It is at the end of this call already.');
    else move(card, list.dataset.list, to);
  };
  const sendOn = (card, step) => {
    const lists = all('[data-list]').map(list => list.dataset.list), from = lists.indexOf(here(card));
    const ahead = step > 0 ? lists.slice(from + 1) : lists.slice(0, from).reverse();
    const to = ahead.find(list => mayGo(card, list));
    if (to) move(card, to);
    else say(step > 0 ? 'It fits no later date shown here.' : 'It fits no earlier date shown here.');
  };
  const STEPS = {ArrowUp: [reorder, -1], ArrowDown: [reorder, 1], ArrowLeft: [sendOn, -1], ArrowRight: [sendOn, 1]};
  document.addEventListener('keydown', event => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key === 'z' && !event.target.closest('input, textarea, select, dialog')) {
      event.preventDefault();
      const undo = document.querySelector('[data-undo]');
      if (undo && !asking) undo.requestSubmit();
      else say('There is nothing to undo.');
      return;
    }
    const grip = event.target.closest?.('.grip[href]');
    if (!grip) return;
    if (event.key === ' ') { event.preventDefault(); grip.click(); }
    if (event.altKey && STEPS[event.key]) {
      event.preventDefault();
      const [step, by] = STEPS[event.key];
      step(grip.closest('.card'), by);
    }
  });

  // Phones: one column at a time --------------------------------------------------------------------------------------
  let shown = location.hash && document.querySelector(location.hash)?.closest('.board > section')?.id;
  const showColumn = id => {
    const columns = all('.board > section');
    shown = columns.some(column => column.id === id) ? id : columns[0]?.id;
    columns.forEach(column => column.classList.toggle('is-shown', column.id === shown));
    all('.board-tabs a').forEach(tab => {
      if (tab.hash === `#${shown}`) tab.setAttribute('aria-current', 'true');
      else tab.removeAttribute('aria-current');
    });
  };
  document.addEventListener('click', event => {
    const tab = event.target.closest('.board-tabs a');
    if (!tab) return;
    event.preventDefault();
    showColumn(tab.hash.slice(1));
    scrollTo({top: 0});
  });

  // After each answer: the handles are buttons again, and focus is where the change is. -------------------------------
  const prepare = () => {
    all('[data-list]').forEach(bind);
    for (const grip of all('.grip[href]')) {
      grip.setAttribute('role', 'button');
      grip.setAttribute('aria-haspopup', 'dialog');
    }
    showColumn(shown);
  };
  const lookAtChange = toast => {
    const changed = document.getElementById(toast.dataset.focus);
    toast.removeAttribute('data-focus');
    closeDialog();
    closeMenus();
    if (!changed) { toast.querySelector('a, button').focus(); return; }
    showColumn(changed.closest('.board > section').id);
    const control = changed.querySelector('.grip[href], summary');
    control.focus({preventScroll: true});
    changed.classList.add('just-moved');
    changed.scrollIntoView({block: 'nearest'});
  };
  document.addEventListener('htmx:after:swap', event => {
    if (event.detail?.ctx?.target === choices) {
      closeMenus();
      dialog.showModal();
      return;
    }
    origin = null;
    prepare();
    const toast = document.querySelector('#toasts .toast[data-focus]');
    if (toast) lookAtChange(toast);
  });
  prepare();
})();
