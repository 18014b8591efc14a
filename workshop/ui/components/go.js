// Takes the browser to an address of this server: cookies are set there, which a script cannot do.
export default function ({ data }) {
  window.location.assign(data.path);
}
