// Counts down to a moment of the server's clock, which the live line has told this screen.
export default function ({ data, parentElement }) {
  const face = parentElement.querySelector(".clock");
  const nearly = parentElement.querySelector(".nearly");
  const said = parentElement.querySelector(".said");
  let before = null;
  const show = () => {
    const now = Date.now() + (window.funnelClockAhead || 0);
    const seconds = Math.max(0, Math.ceil((data.ends_at - now) / 1000));
    const two = (number) => String(number).padStart(2, "0");
    const words = seconds === 0 ? data.over : now >= data.warns_at ? data.nearly : "";
    face.textContent = seconds ? `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}` : data.over;
    face.dataset.over = seconds === 0;
    face.dataset.nearly = seconds > 0 && words !== "";
    nearly.textContent = seconds ? words : "";
    // Said once, by who has seen it begin: not by a page that is opened later.
    if (before !== null && words !== before) said.textContent = words;
    before = words;
  };
  show();
  // With a new moment this is called again on the same face: one clock at a time sets it.
  clearInterval(face.beat);
  const beat = setInterval(show, 250);
  face.beat = beat;
  return () => clearInterval(beat);
}
