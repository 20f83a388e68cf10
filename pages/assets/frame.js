// On a phone the menu covers the screen, so it closes once a screen was chosen from it.
document.addEventListener("click", (event) => {
  if (innerWidth > 768 || !event.target.closest?.('[data-testid="stSidebarNavLink"]')) return;
  setTimeout(() => {
    document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
  });
});
