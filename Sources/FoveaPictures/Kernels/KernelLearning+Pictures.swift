public import FoveaCore
public import FoveaImage

extension KernelLearning {
  /// The kernel, what it makes of the picture and the loss, from noise to the last step.
  public func animation() throws(ImageError) -> AnimatedPNG {
    var frames: [PanelAnimation.Frame] = []
    for (index, moment) in moments.enumerated() {
      let isEnd = index == 0 || index == moments.count - 1
      frames.append(PanelAnimation.Frame(try panel(moment), milliseconds: isEnd ? 2_000 : 300))
    }
    return try PanelAnimation(frames).encoded()
  }

  /// The kernel at some moments, the one that it was to become, and the loss.
  public func sheet() throws(ImageError) -> Image {
    let count = min(moments.count, 8)
    let shown = (0..<count).map { moments[count == 1 ? 0 : $0 * (moments.count - 1) / (count - 1)] }
    var panels: [any Panel] = shown.map { moment in
      kernel(moment.kernel, "step \(moment.step)", note: "loss \(NumberText.short(moment.loss))")
    }
    panels.append(kernel(target, "wanted", note: ""))
    return try Sheet(
      title: "a kernel learned from noise", facts: facts(moments[moments.count - 1]),
      [Grid(panels, columns: (panels.count + 1) / 2), curve(upTo: losses.count - 1)]
    ).image()
  }

  private func facts(_ moment: Moment) -> String {
    "step \(moment.step) of \(losses.count - 1), loss \(NumberText.short(moment.loss))"
  }

  private func panel(_ moment: Moment) throws(ImageError) -> any Panel {
    let bound = wanted.values.map(abs).max() ?? 1
    func output(_ planes: NumberPlanes, _ title: String) throws(ImageError) -> any Panel {
      let colors = MatrixColors.signed(bound: bound > 0 ? bound : 1)
      let image = try colors.image(of: planes.matrices[0].values, width: planes.width)
      let (drawn, magnification) = try image.near(to: 170)
      return Stack(.vertical, spacing: 4, [Label(title), PicturePanel(drawn, magnification: magnification)])
    }
    let now = Stack(
      .vertical, spacing: Palette.space,
      [kernel(moment.kernel, "kernel now", note: ""), kernel(target, "kernel wanted", note: "")])
    let made = try Stack(
      .vertical, spacing: Palette.space,
      [output(moment.output, "what it makes of the picture"), output(wanted, "what is wanted")])
    return try Sheet(
      title: "learning a kernel", facts: facts(moment),
      [
        Stack(
          .horizontal, spacing: 2 * Palette.space,
          [
            picture(), now, made,
            Stack(.vertical, spacing: 4, [Label("loss after each step"), curve(upTo: moment.step)]),
          ])
      ])
  }

  private func picture() throws(ImageError) -> any Panel {
    var panels: [any Panel] = []
    for (index, matrix) in input.matrices.enumerated() {
      let colors = MatrixColors(pictureOf: input, plane: index)
      let (drawn, magnification) = try colors.image(of: matrix.values, width: matrix.width).near(to: 170)
      let title = input.count == 1 ? "picture" : input.names[index]
      panels.append(Stack(.vertical, spacing: 4, [Label(title), PicturePanel(drawn, magnification: magnification)]))
    }
    return Stack(.vertical, spacing: Palette.space, panels)
  }

  /// All on one scale, the wanted kernel's, so that they can be compared.
  private func kernel(_ planes: NumberPlanes, _ title: String, note: String) -> any Panel {
    // Which sizes its numbers have in between must not move what stands beside it.
    let cell = MatrixPanel.showsNumbers(target.matrices[0]) ? 46 : MatrixPanel.cell(for: target.matrices)
    let marks = MatrixPanel.Marks(colors: MatrixColors(signed: target.values), cell: cell, digits: 2)
    var panels: [any Panel] = [Label(title)]
    for (index, matrix) in planes.matrices.enumerated() {
      let name = planes.count == 1 ? nil : planes.names[index]
      panels.append(MatrixPanel(matrix, note: name, marks))
    }
    if !note.isEmpty { panels.append(Label(note, style: Palette.note)) }
    return Stack(.vertical, spacing: 4, panels)
  }

  private func curve(upTo step: Int) -> any Panel { LossPanel(losses, upTo: step) }
}
