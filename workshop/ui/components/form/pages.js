// One question at a time: on a narrow screen a form that asks several shows one of its groups, says
// which, and leads on. On a wide one all stand below each other.

const NARROW = window.matchMedia("(max-width: 40rem)");

function makePages(count, back, turned) {
  let groups = [], at = 0, isAsked = false;
  const isPaged = () => isAsked && NARROW.matches && groups.length > 1;
  const show = () => {
    const paged = isPaged();
    groups.forEach(({ elements }, place) => elements.forEach((one) => (one.hidden = paged && place !== at)));
    count.hidden = !paged;
    count.textContent = paged ? `${at + 1} of ${groups.length}` : "";
    back.hidden = !paged || at === 0;
    turned();
  };
  const turn = (place) => {
    at = place;
    show();
    groups[at].fields[0].focus();
    count.scrollIntoView({ block: "nearest" });
  };
  back.addEventListener("click", () => turn(at - 1));
  NARROW.addEventListener("change", show);
  return {
    // Begins with the first group that is not answered yet, or stays where it was.
    begin(given, wanted, stays) {
      groups = given;
      isAsked = wanted;
      if (!stays) at = Math.max(0, groups.findIndex(({ fields }) => fields.every((one) => !one.value)));
      at = Math.min(at, groups.length - 1);
      show();
    },
    get isLast() {
      return !isPaged() || at === groups.length - 1;
    },
    get fields() {
      return groups[at].fields;
    },
    next: () => turn(at + 1),
    // Shows the group of a field, if it is on another page.
    open(field) {
      const place = groups.findIndex(({ fields }) => fields.includes(field));
      if (isPaged() && place >= 0 && place !== at) {
        at = place;
        show();
      }
    },
    end: () => NARROW.removeEventListener("change", show),
  };
}
