/** Plain layers, where no kernel was placed: in training. What a browser loads leaves them out. */
export { plainLayers } from '@vitrine/kernels/scalar'
