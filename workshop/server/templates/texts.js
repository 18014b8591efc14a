// A browser that translates a page puts a <font> in the place of each text. The page does not know:
// it writes its next numbers into texts that nobody sees any more, and fails when it takes one away.
// So each text comes back to its place as soon as the page needs it. Runs before all else.
{
  const standIns = new WeakMap();
  const isText = (node) => node.nodeType === Node.TEXT_NODE;
  const isFont = (node) => node.nodeName === "FONT";

  const comeBack = (text) => {
    const standIn = standIns.get(text);
    if (text.isConnected || !standIn?.isConnected) return;
    standIns.delete(text);
    standIn.replaceWith(text);
  };

  const written = new MutationObserver((changes) => {
    for (const { target } of changes) {
      comeBack(target);
      // Its place is not known: better a page that is loaded anew than one that shows old numbers.
      if (standIns.has(target) && !target.isConnected) location.reload();
    }
  });

  new MutationObserver((changes) => {
    for (const { target, addedNodes, removedNodes } of changes) {
      const font = [...addedNodes].find(isFont) ?? [...target.childNodes].find(isFont);
      for (const text of font ? [...removedNodes].filter(isText) : []) {
        if (text.isConnected) continue;
        standIns.set(text, font);
        written.observe(text, { characterData: true });
      }
    }
  }).observe(document, { childList: true, subtree: true });

  const { removeChild, insertBefore } = Node.prototype;
  Node.prototype.removeChild = function (child) {
    if (child.parentNode !== this) comeBack(child);
    return child.parentNode === this ? removeChild.call(this, child) : child;
  };
  Node.prototype.insertBefore = function (node, next) {
    if (next && next.parentNode !== this) comeBack(next);
    return insertBefore.call(this, node, next?.parentNode === this ? next : null);
  };
}
