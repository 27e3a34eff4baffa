/** The data that the Data Observatory of this machine offers: the smallest states of Europe. */

export interface State {
  /** ISO 3166-1 alpha-3. */
  readonly code: string
  readonly name: string
  /** Square kilometres. */
  readonly area: number
  /** In 2020, in thousands. */
  readonly thousands: number
  readonly capital: string
  /** Longitude and latitude of the capital. */
  readonly place: readonly [longitude: number, latitude: number]
  readonly outline: string
}

/** The outlines are rough; all but Monaco's are made of Natural Earth's, which are in the public domain. */
export const states: ReadonlyArray<State> = [
  {
    code: "AND",
    name: "Andorra",
    area: 468,
    thousands: 77,
    capital: "Andorra la Vella",
    place: [1.5218, 42.5063],
    outline:
      "POLYGON((1.708 42.502,1.64 42.467,1.517 42.429,1.438 42.441,1.406 42.529,1.42 42.58,1.467 42.642,1.543 42.649,1.723 42.61,1.766 42.563,1.708 42.502))"
  },
  {
    code: "LIE",
    name: "Liechtenstein",
    area: 160,
    thousands: 39,
    capital: "Vaduz",
    place: [9.5209, 47.141],
    outline:
      "POLYGON((9.52 47.262,9.545 47.244,9.563 47.198,9.553 47.168,9.617 47.107,9.581 47.056,9.477 47.065,9.513 47.108,9.484 47.176,9.488 47.21,9.52 47.262))"
  },
  {
    code: "LUX",
    name: "Luxembourg",
    area: 2586,
    thousands: 630,
    capital: "Luxembourg",
    place: [6.13, 49.6116],
    outline:
      "POLYGON((6.118 50.121,6.118 50.004,6.223 49.888,6.381 49.815,6.503 49.795,6.5 49.712,6.352 49.535,6.345 49.456,5.96 49.442,5.791 49.538,5.881 49.658,5.722 49.814,5.755 49.93,5.866 50.074,5.999 50.175,6.118 50.121))"
  },
  {
    code: "MLT",
    name: "Malta",
    area: 316,
    thousands: 515,
    capital: "Valletta",
    place: [14.5146, 35.8989],
    outline:
      "MULTIPOLYGON(((14.55 35.89,14.568 35.846,14.528 35.802,14.38 35.842,14.344 35.881,14.323 35.972,14.377 35.994,14.445 35.96,14.506 35.928,14.55 35.89)),((14.258 36.075,14.334 36.035,14.24 36.015,14.186 36.035,14.182 36.065,14.258 36.075)))"
  },
  {
    code: "MCO",
    name: "Monaco",
    area: 2,
    thousands: 37,
    capital: "Monaco",
    place: [7.4246, 43.7384],
    outline:
      "POLYGON((7.409 43.725,7.418 43.731,7.432 43.739,7.44 43.75,7.433 43.751,7.42 43.743,7.412 43.735,7.409 43.725))"
  },
  {
    code: "SMR",
    name: "San Marino",
    area: 61,
    thousands: 34,
    capital: "San Marino",
    place: [12.4473, 43.9354],
    outline:
      "POLYGON((12.429 43.892,12.4 43.904,12.386 43.924,12.397 43.949,12.422 43.968,12.483 43.983,12.494 43.956,12.48 43.92,12.462 43.895,12.429 43.892))"
  }
]

/** The two inhabited islands of Malta, as the states: area, thousands of inhabitants in 2021. */
export const maltaIslands = [
  {
    code: "MLT-1",
    name: "Malta",
    area: 246,
    thousands: 480,
    outline:
      "POLYGON((14.55 35.89,14.568 35.846,14.528 35.802,14.38 35.842,14.344 35.881,14.323 35.972,14.377 35.994,14.445 35.96,14.506 35.928,14.55 35.89))"
  },
  {
    code: "MLT-2",
    name: "Gozo",
    area: 67,
    thousands: 39,
    outline: "POLYGON((14.258 36.075,14.334 36.035,14.24 36.015,14.186 36.035,14.182 36.065,14.258 36.075))"
  }
] as const
