// The line to the server: on a tick whose stamp differs from what this screen has drawn, ask
// Streamlit to draw again. Says in words how the line is.
export default function ({ data, parentElement, setTriggerValue }) {
  const sign = parentElement.querySelector(".line");
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const address = `${scheme}//${location.host}/live?w=${encodeURIComponent(data.code)}&role=${data.role}`;
  let drawn = data.stamp;
  let socket, heard, retry, lost = 0, closed = false, told = 0, telling;

  const say = (state, words) => {
    sign.dataset.state = state;
    sign.querySelector(".words").textContent = words;
  };

  // At most one trigger in 150 ms: a burst of ticks ends in one look.
  const tell = (stamp) => {
    if (stamp === drawn) return;
    drawn = stamp;
    clearTimeout(telling);
    telling = setTimeout(() => {
      told = Date.now();
      setTriggerValue("tick", stamp);
    }, Math.max(0, told + 150 - Date.now()));
  };

  const open = () => {
    socket = new WebSocket(address);
    socket.onmessage = (event) => {
      const tick = JSON.parse(event.data);
      heard = Date.now();
      window.funnelClockAhead = tick.now - Date.now();
      lost = 0;
      say("live", "live");
      tell(tick.stamp);
    };
    socket.onclose = () => {
      if (closed) return;
      if (!lost) lost = Date.now();
      const seconds = Math.round((Date.now() - lost) / 1000);
      say("lost", seconds < 60 ? `reconnecting since ${seconds} s` : "cut off: please reload");
      retry = setTimeout(open, Math.min(500 + (Date.now() - lost) / 2, 5000) * (0.5 + Math.random()));
    };
  };

  const watch = setInterval(() => {
    if (heard && Date.now() - heard > 40000) socket.close();
  }, 5000);

  say("wait", "connecting");
  open();
  return () => {
    closed = true;
    clearTimeout(retry);
    clearTimeout(telling);
    clearInterval(watch);
    socket.close();
  };
}
