import { z } from 'zod'

// The policy forbids evaluating strings. Schemas decide how they parse when they are made, so this comes before any is.
z.config({ jitless: true })
