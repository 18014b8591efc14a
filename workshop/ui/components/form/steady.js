// What appears or goes above a form moves it: the field that somebody types in stays in sight, at
// its place on the screen. Returns what ends that.
const MOVED = 8;  // pixels that no layout jitters by

function keepInPlace(form) {
  let frame = 0, before = null;
  const look = () => {
    frame = 0;
    const main = document.querySelector("[data-testid=stMain]") ?? document.scrollingElement;
    const field = form.querySelector(":focus");
    if (!main || !field) return void (before = null);
    const placeOf = () => field.getBoundingClientRect().top;
    const top = placeOf();
    const isSame = before?.field === field;
    const isMoved = isSame && Math.abs(top + main.scrollTop - before.inPage) > MOVED;
    // Whoever scrolls moves the field on the screen, and not in the page.
    const isScrolled = isSame && !isMoved && Math.abs(main.scrollTop - before.scrolled) > MOVED;
    // At its end a page cannot be scrolled: the place is kept in mind until it can.
    const wanted = isSame && !isScrolled ? before.wanted : top;
    if (isMoved) main.scrollTop += top - wanted;
    before = { field, wanted, scrolled: main.scrollTop, inPage: placeOf() + main.scrollTop };
    frame = requestAnimationFrame(look);
  };
  const begin = () => { frame ||= requestAnimationFrame(look); };
  form.addEventListener("focusin", begin);
  return () => {
    form.removeEventListener("focusin", begin);
    cancelAnimationFrame(frame);
  };
}
