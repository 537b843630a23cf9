// Where the page begins: type, tokens, language, connection, then the window.
import { mount } from 'svelte';
import './styles/fonts.ts';
import './styles/tokens.css';
import './styles/reset.css';
import App from './app/App.svelte';
import { recallTheme } from './app/theme.ts';
import { connectToHost, createApi } from './bridge.ts';
import { chooseLocale } from './messages/translate.ts';
import { createStores } from './stores/stores.ts';

const target = document.querySelector('#app');
if (target) {
  recallTheme();
  await chooseLocale(navigator.languages);
  mount(App, { target, props: { stores: createStores(createApi(connectToHost)) } });
}
