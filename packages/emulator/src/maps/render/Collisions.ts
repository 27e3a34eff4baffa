/** Where marks and labels stand already: CARTO leaves out those that would overlap others. */
import type { Box } from "./Pen.ts"

const cellSize = 64

export class Collisions {
  private readonly cells = new Map<string, Array<Box>>()

  private *cellsOf([left, top, right, bottom]: Box): Generator<string> {
    for (let x = Math.floor(left / cellSize); x <= Math.floor(right / cellSize); x++) {
      for (let y = Math.floor(top / cellSize); y <= Math.floor(bottom / cellSize); y++) yield `${x} ${y}`
    }
  }

  add(box: Box): void {
    for (const key of this.cellsOf(box)) {
      const cell = this.cells.get(key) ?? []
      cell.push(box)
      this.cells.set(key, cell)
    }
  }

  isFree(box: Box): boolean {
    const [left, top, right, bottom] = box
    for (const key of this.cellsOf(box)) {
      const isHit = this.cells.get(key)?.some(([l, t, r, b]) => l < right && left < r && t < bottom && top < b)
      if (isHit === true) return false
    }
    return true
  }
}
