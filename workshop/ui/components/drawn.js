// Stands in the part of the page that is drawn again: says how new it is, and asks for more.
export default function ({ data, setTriggerValue }) {
  const stage = { stamp: data.stamp, again: (newest) => setTriggerValue("tick", newest) };
  window.funnelStage = stage;
  return () => {
    if (window.funnelStage === stage) delete window.funnelStage;
  };
}
