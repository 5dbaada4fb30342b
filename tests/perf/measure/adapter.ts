/** What a GPU calls itself, and whether it is one. */

/** A GPU as reports name it. */
export interface AdapterName {
  name: string
  /** Computes on the processor: proves that results are right, and says nothing on speed. */
  software: boolean
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|warp|basic render/iu

/** Browsers tell a site little: often a vendor and an architecture, sometimes nothing. */
export function adapterName(info: GPUAdapterInfo): AdapterName {
  const { vendor, architecture, device, description } = info
  const all = [vendor, architecture, device, description].filter(Boolean)
  // The device's own name says it all where a browser gives it away, as Dawn in Node does.
  const name = device && description ? [device, description] : all
  const isFallback = (info as { isFallbackAdapter?: boolean }).isFallbackAdapter === true
  const software = isFallback || SOFTWARE.test(all.join(' '))
  return { name: name.join(', ') || (software ? 'a software adapter' : 'a GPU without a name'), software }
}
