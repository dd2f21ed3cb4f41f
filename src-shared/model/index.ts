export * from './diagnostic'
export * from './entry'
export * from './image'
export * from './job'
