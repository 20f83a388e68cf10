// Light or dark as the browser's cookie says, before Streamlit reads it from its own storage.
(() => {
  const names = { light: "Light", dark: "Dark", system: "System" };
  const cookie = document.cookie.match(/(?:^|; )halqa_theme=(\w+)/);
  const name = cookie && names[cookie[1]];
  if (!name) return;
  try {
    localStorage.setItem(`stActiveTheme-${location.pathname}-v2`, JSON.stringify(name));
  } catch {
    // Without storage the theme follows the device.
  }
})();
