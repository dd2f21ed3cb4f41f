/** The engine's public face: what hosts and the command line may use. */
export { IsoldeError, toErrorShape } from '../../src-shared/contract/errors'
export { extractImage, smartDestination } from './extract-image'
export { NESTING_LIMIT, openLocation, openSource, type OpenedLocation, type OpenLocationOptions } from './open-location'
export { identifyImage, type Identity } from '../identify/identify'
