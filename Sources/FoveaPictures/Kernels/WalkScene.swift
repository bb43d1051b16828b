import FoveaCore
import FoveaImage

/// Draws a walk at any of its places: all parts have the same size at each.
struct WalkScene {
  let walk: KernelWalk
  private let facts: String
  private let cells: (input: Int, window: Int, output: Int)
  private let colors: (products: MatrixColors, output: MatrixColors)
  private let pictures: (inputs: [Image], outputs: [Image])

  /// Behind the point: more cannot be read while they change.
  static let digits = 2
  /// Of a picture, in pixels.
  private static let side = 252

  /// - Parameter shown: the places that will be.
  init(_ walk: KernelWalk, _ shown: [Int], facts: String) throws(ImageError) {
    (self.walk, self.facts) = (walk, facts)
    var (windows, products): ([NumberMatrix], [NumberMatrix]) = ([], [])
    for place in shown {
      let numbers = Self.numbers(walk, place)
      windows += numbers.windows
      products += numbers.products
    }
    cells = (
      MatrixPanel.cell(for: walk.input.matrices, digits: Self.digits),
      MatrixPanel.cell(for: windows + products + walk.kernels, digits: Self.digits),
      MatrixPanel.cell(for: walk.output.matrices, digits: Self.digits)
    )
    colors = (
      MatrixColors(signed: products.flatMap(\.values)), MatrixColors(signed: walk.output.values)
    )
    var (inputs, outputs): ([Image], [Image]) = ([], [])
    if !walk.showsNumbers {
      for (index, matrix) in walk.input.matrices.enumerated() {
        inputs.append(
          try MatrixColors(pictureOf: walk.input, plane: index).image(of: matrix.values, width: matrix.width))
      }
      for matrix in walk.output.matrices {
        outputs.append(try colors.output.image(of: matrix.values, width: matrix.width))
      }
    }
    pictures = (inputs, outputs)
  }

  /// What lies in the window, and what the kernel makes of it, for each channel.
  private static func numbers(
    _ walk: KernelWalk, _ place: Int
  ) -> (windows: [NumberMatrix], products: [NumberMatrix]) {
    let windows = walk.input.matrices.map { walk.places.cells(of: $0, at: place) }
    guard case .convolution(let kernel, _) = walk.work else { return (windows.compactMap(Self.matrix), []) }
    let products = zip(windows, kernel.matrices).map { window, kernel in
      zip(window, kernel.rows).map { zip($0, $1).map { $0 * $1 } }
    }
    return (windows.compactMap(Self.matrix), products.compactMap(Self.matrix))
  }

  private static func matrix(_ rows: [[Float]]) -> NumberMatrix? {
    // A product may be beyond what a float holds, although the layer's sum was not.
    try? NumberMatrix(rows.map { $0.map { $0.isFinite ? $0 : 0 } })
  }

  func panel(at place: Int) throws(ImageError) -> any Panel {
    let numbers = Self.numbers(walk, place)
    let (input, output) = (walk.input, walk.output)
    var (inputs, outputs): ([any Panel], [any Panel]) = ([], [])
    for index in 0..<input.count {
      inputs.append(titled("input, \(input.height) x \(input.width)", input, index, inputPanel(index, place)))
    }
    for index in 0..<output.count {
      outputs.append(
        titled("output, \(output.height) x \(output.width)", output, index, outputPanel(index, place)))
    }
    var rows: [any Panel] = []
    for index in 0..<numbers.windows.count { rows.append(work(index, numbers, place)) }
    let middle = Stack(.vertical, spacing: Palette.space, rows)
    let line = Stack(
      .horizontal, alignment: .center, spacing: Palette.space,
      [
        Stack(.vertical, spacing: Palette.space, inputs), Self.sign("->"), middle, Self.sign("->"),
        Stack(.vertical, spacing: Palette.space, outputs),
      ])
    return Sheet(title: walk.kind, facts: facts, [line, Label(sentence(numbers, place), style: Palette.heading)])
  }

  private func titled(_ title: String, _ planes: NumberPlanes, _ index: Int, _ panel: any Panel) -> any Panel {
    let name = planes.count == 1 ? title : index == 0 ? "\(title), \(planes.names[index])" : planes.names[index]
    return Stack(.vertical, spacing: 4, [Label(name), panel])
  }

  private static func sign(_ text: String) -> Label {
    Label(text, style: TextStyle(color: Palette.quiet, capHeight: 12, thickness: 2))
  }

  /// A channel's numbers under the window, times the kernel's.
  private func work(
    _ index: Int, _ numbers: (windows: [NumberMatrix], products: [NumberMatrix]), _ place: Int
  ) -> any Panel {
    // It is a piece of the picture, and looks like it.
    let window = MatrixPanel(
      numbers.windows[index],
      .init(colors: MatrixColors(pictureOf: walk.input, plane: index), cell: cells.window, digits: Self.digits))
    let first = Stack(.vertical, spacing: 4, [Label("in the window"), window])
    guard case .convolution(let kernel, _) = walk.work, index < numbers.products.count else { return first }
    let products = MatrixPanel(
      numbers.products[index], .init(colors: colors.products, cell: cells.window, digits: Self.digits))
    let own = MatrixPanel(kernel.matrices[index], .init(cell: cells.window, digits: Self.digits))
    return Stack(
      .horizontal, alignment: .center, spacing: 10,
      [
        first, Self.sign("x"), Stack(.vertical, spacing: 4, [Label("kernel"), own]), Self.sign("="),
        Stack(.vertical, spacing: 4, [Label("products"), products]),
      ])
  }

  private func inputPanel(_ index: Int, _ place: Int) -> any Panel {
    let (places, matrix) = (walk.places, walk.input.matrices[index])
    let (origin, margin) = (places.origin(place), places.margin)
    let window = PixelRect(
      x: origin.column, y: origin.row, width: places.reach.width, height: places.reach.height)
    guard walk.showsNumbers else { return WalkPicture(pictures.inputs[index], side: Self.side, window: window, places) }
    let (width, height) = (matrix.width + margin.left + margin.right, matrix.height + margin.top + margin.bottom)
    let inside = PixelRect(x: margin.left, y: margin.top, width: matrix.width, height: matrix.height)
    let rows = (0..<height).map { row in
      (0..<width).map { column in
        inside.contains(column, row) ? matrix.rows[row - margin.top][column - margin.left] : 0
      }
    }
    guard let padded = Self.matrix(rows) else { return Label("") }
    return MatrixPanel(
      padded,
      .init(
        colors: MatrixColors(pictureOf: walk.input, plane: index), cell: cells.input, digits: Self.digits,
        window: PixelRect(
          x: window.x + margin.left, y: window.y + margin.top, width: window.width, height: window.height),
        inside: inside))
  }

  private func outputPanel(_ index: Int, _ place: Int) -> any Panel {
    let (places, matrix) = (walk.places, walk.output.matrices[index])
    let here = PixelRect(x: place % places.width, y: place / places.width, width: 1, height: 1)
    guard walk.showsNumbers else {
      return WalkPicture(pictures.outputs[index], side: Self.side, window: here, filled: place + 1)
    }
    return MatrixPanel(
      matrix, .init(colors: colors.output, cell: cells.output, digits: Self.digits, filled: place + 1, window: here))
  }
}

extension KernelWalk {
  var kernels: [NumberMatrix] { if case .convolution(let kernel, _) = work { kernel.matrices } else { [] } }
}
