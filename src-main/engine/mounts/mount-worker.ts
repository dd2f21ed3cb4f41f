import { parentPort } from 'node:worker_threads'
import { serveMount } from './serve-mount'

if (parentPort) serveMount(parentPort)
