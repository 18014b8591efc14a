// Says where the room is when that has changed, to who does not see it; not on arrival, when the
// whole page is read anyway.
export default function ({ data, parentElement }) {
  const before = window.funnelPlace;
  window.funnelPlace = data.place;
  if (before !== undefined && before !== data.place) parentElement.querySelector(".announce").textContent = data.place;
}
