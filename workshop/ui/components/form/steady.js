// What appears or goes above a form moves it: the field that somebody types in stays in sight, at
// its place on the screen. Returns what ends that.
const MOVED = 8;  // pixels that no layout jitters by

function keepInPlace(form) {
  let frame = 0, before = null;
  const look = () => {
    frame = 0;
    const main = document.querySelector("[data-testid=stMain]");
    const field = form.querySelector(":focus");
    if (!main || !field) return void (before = null);
    const top = field.getBoundingClientRect().top;
    // Whoever scrolls moves the field on the screen, and not in the page.
    const isMoved = before?.field === field
      && Math.abs(top - before.top) > MOVED
      && Math.abs(top + main.scrollTop - before.top - before.scrolled) > MOVED;
    if (isMoved) main.scrollTop += top - before.top;
    before = { field, top: field.getBoundingClientRect().top, scrolled: main.scrollTop };
    frame = requestAnimationFrame(look);
  };
  const begin = () => { frame ||= requestAnimationFrame(look); };
  form.addEventListener("focusin", begin);
  return () => {
    form.removeEventListener("focusin", begin);
    cancelAnimationFrame(frame);
  };
}
