import './zod-setup'
import './tokens.css'
import './base.css'
import './controls.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { i18n } from './locales'

createApp(App).use(createPinia()).use(i18n).mount('#app')
