import './base/zod-setup'
import './base/tokens.css'
import './base/base.css'
import './base/controls.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './shell/App.vue'
import { i18n } from './base/locales'

createApp(App).use(createPinia()).use(i18n).mount('#app')
