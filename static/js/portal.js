/* The portal's own script. Every page works without it. */
(() => {
  "use strict";

  const POLL_MS = 3000;
  const ECHO_MS = 2500; // after the last news, once more for parts that let it pass while they were busy or throttled
  const TOAST_MS = { success: 5000, info: 6000, debug: 6000, warning: 9000, error: 0 };
  const body = document.body;
  const toasts = document.getElementById("toasts");

  /* --- Toasts: `error` stays until it is closed; one text is shown once ------------------------------------- */

  function armToast(toast, duration) {
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn-close";
    close.setAttribute("aria-label", body.dataset.textClose);
    close.addEventListener("click", () => toast.remove());
    toast.append(close);
    if (!duration) return;
    let timer = setTimeout(() => toast.remove(), duration);
    toast.addEventListener("pointerenter", () => clearTimeout(timer));
    toast.addEventListener("pointerleave", () => {
      timer = setTimeout(() => toast.remove(), duration / 2);
    });
  }

  function isShown(text) {
    return [...toasts.querySelectorAll(".toast-body")].some((shown) => shown.textContent.trim() === text);
  }

  function showToast({ level = "info", text, duration }) {
    if (!text || isShown(text)) return;
    const toast = document.createElement("div");
    toast.className = `toast show toast-${level}`;
    toast.setAttribute("role", level === "error" ? "alert" : "status");
    const words = document.createElement("div");
    words.className = "toast-body";
    words.textContent = text;
    toast.append(words);
    armToast(toast, duration ?? TOAST_MS[level] ?? TOAST_MS.info);
    toasts.append(toast);
  }

  function textOfStatus(status) {
    if (status === 403) return body.dataset.textForbidden;
    if (status === 404) return body.dataset.textMissing;
    return body.dataset.textServer;
  }

  for (const toast of toasts.children) armToast(toast, TOAST_MS[toast.dataset.level] ?? TOAST_MS.info);
  body.addEventListener("toast", (event) => showToast(event.detail));
  body.addEventListener("htmx:responseError", (event) => {
    showToast({ level: "error", text: textOfStatus(event.detail.xhr.status) });
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    body.addEventListener(name, () => showToast({ level: "warning", text: body.dataset.textNetwork }));
  }

  /* --- Live parts: the socket says "changed", parts reload themselves; without it we ask every 3 s ----------- */

  const openSockets = new Set();
  const changed = () => htmx.trigger(body, "changed");

  body.addEventListener("htmx:wsOpen", (event) => {
    openSockets.add(event.target);
    body.dataset.live = "open";
    changed(); // what happened between the rendering of the page and now
  });
  body.addEventListener("htmx:wsClose", (event) => {
    openSockets.delete(event.target);
    body.dataset.live = "polling";
  });
  let echo;
  body.addEventListener("htmx:wsBeforeMessage", (event) => {
    event.preventDefault();
    changed();
    clearTimeout(echo);
    echo = setTimeout(changed, ECHO_MS);
  });
  body.addEventListener("live-done", () => document.querySelectorAll(".live-link").forEach((link) => htmx.remove(link)));
  setInterval(() => {
    const links = [...document.querySelectorAll(".live-link")];
    if (!document.hidden && links.some((link) => !openSockets.has(link))) changed();
  }, POLL_MS);

  /* --- Light and dark (theme.js applies the choice before the first paint) ----------------------------------- */

  const themeToggle = document.getElementById("theme-toggle");
  if (themeToggle) {
    themeToggle.addEventListener("click", () => {
      const theme = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
      document.documentElement.dataset.bsTheme = theme;
      try {
        localStorage.setItem("theme", theme);
      } catch {
        return; // storage is forbidden: the choice holds for this page
      }
    });
  }

  /* --- Menus made of <details> close like menus --------------------------------------------------------------- */

  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details.user-menu[open], details.dropdown[open]")) {
      if (!menu.contains(except)) menu.open = false;
    }
  }
  document.addEventListener("click", (event) => closeMenus(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus(null);
  });

  /* --- Fields say what is wrong as soon as they are left, in the browser's words, in the server's place -------- */

  function messagePlace(field) {
    const id = `${field.id}_while_typing`;
    const existing = document.getElementById(id);
    if (existing) return existing;
    const place = document.createElement("div");
    place.id = id;
    place.className = "invalid-feedback";
    field.after(place);
    return place;
  }

  function judgeField(field) {
    if (!field.id || !field.matches("input, select, textarea") || !field.willValidate) return;
    if (field.hasAttribute("hx-post")) return; // the server judges it
    const isWrong = !field.validity.valid;
    field.classList.toggle("is-invalid", isWrong);
    field.setAttribute("aria-invalid", String(isWrong));
    messagePlace(field).textContent = field.validationMessage;
  }
  document.addEventListener("change", (event) => {
    if (event.target.form?.method === "post") judgeField(event.target);
  });
  document.addEventListener("input", (event) => {
    if (event.target.classList?.contains("is-invalid")) judgeField(event.target);
  });

  /* --- Dialogs: <a data-dialog="id"> opens one, and leads to its page without us; <button data-close> closes it --- */

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      dialog.showModal();
    }
    const closer = event.target.closest("[data-close]");
    if (closer && !closer.commandForElement) closer.closest("dialog")?.close();
  });
})();
