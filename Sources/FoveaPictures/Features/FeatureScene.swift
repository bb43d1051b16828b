import FoveaCore
import FoveaImage
import FoveaModel
import FoveaPipeline

/// One picture, or one for each input, on its way through a network, and the sheets that show it.
struct FeatureScene {
  let pipeline: Pipeline
  let colorMap: any ColorMap
  let diverging: any ColorMap
  /// One for each input.
  let pictures: OneOrMore<Image>
  /// `[1, …input]` each
  let inputs: Tensors
  /// Each node's outputs, the batch in front.
  let activations: [Tensors]
  let result: any TaskResult
  /// Where the points of the first picture lie in its input.
  let geometry: PictureGeometry
  /// What of the first input each layer sees.
  let fields: [ReceptiveField]
  /// Whether it is one of many that are shown one after the other, so that nothing may jump from one to the next.
  let isMoving: Bool
  /// Of many pictures, by node; empty where none were looked at.
  var statistics: [LayerStatistics] = []

  /// Nil where the pipeline yields another result than one class.
  var prediction: Prediction? { result as? Prediction }
  private var model: Model { pipeline.model }
  private static let inputSide = 168

  /// The picture beside each layer's maps.
  private func thumbnail() throws(ImageError) -> any Panel {
    let (image, magnification) = try networkInput(0).fitted(to: Self.inputSide)
    return PicturePanel(image, magnification: magnification, above: "input", below: shapeText(model.inputShape))
  }

  /// What the network sees, as a picture to look at.
  private func networkInput(_ number: Int) throws(ImageError) -> Image {
    try Image(planar: inputs[number]).visible()
  }

  func inputSheet() throws(ImageError) -> Sheet {
    let steps = pipeline.preprocessor.steps.map { type(of: $0).kind }
    let panels = try pictures.indices.map { number throws(ImageError) in try inputPanel(number) }
    return Sheet(
      title: "input", facts: shapeText(model.inputShape),
      explanation: steps.isEmpty
        ? "The picture goes into the network as it is."
        : "Before the network sees it, the picture is prepared: \(steps.joined(separator: ", ")).",
      panels)
  }

  /// The picture of one input, and what becomes of it.
  private func inputPanel(_ number: Int) throws(ImageError) -> any Panel {
    let (picture, port) = (pictures[number], model.inputs[number])
    let (own, ownMagnification) = try picture.visible().fitted(to: 280)
    let (seen, seenMagnification) = try networkInput(number).fitted(to: 280)
    let range = MapImage.range(of: inputs[number])
    return Stack(
      .horizontal, spacing: 2 * Palette.space,
      [
        PicturePanel(
          own, magnification: ownMagnification, above: pictures.count == 1 ? "the picture" : port.name,
          below: "\(picture.width) × \(picture.height)", captionStyle: Palette.heading),
        PicturePanel(
          seen, magnification: seenMagnification, above: "what the network sees",
          below: "\(shapeText(port.shape)), values \(NumberText.range(range))", captionStyle: Palette.heading),
      ])
  }

  /// A sheet of a layer: of which of its outputs, and what it shows.
  typealias LayerSheet = (content: FeatureReport.Picture.Content, output: Int, sheet: Sheet)

  /// The sheets that show a layer, in the order in which to look at them.
  func sheets(for index: Int) throws(ImageError) -> [LayerSheet] {
    let node = model.nodes[index]
    var sheets: [LayerSheet] = []
    if let kernels = try kernels(index) {
      sheets.append((.kernels, 0, sheet(node, "kernels", kernels.explanation, kernels.panels)))
    }
    if let codes = try codePanels(index) {
      sheets.append(
        (
          .codes, 0,
          sheet(node, "codes", "The activations that come in, drawn as a bitmap, beside each class's code.", codes)
        ))
    }
    for output in node.outputShapes.indices { sheets.append(try sheet(index, output: output)) }
    return sheets
  }

  private func sheet(_ index: Int, output: Int) throws(ImageError) -> LayerSheet {
    let node = model.nodes[index]
    let source = Model.Source(node: index, output: output)
    let shape = node.outputShapes[output]
    let explanation = LayerExplanation(node).text
    let values = activations[index][output].elements
    let title = output == 0 ? node.name : model.name(of: source)
    if let (count, height, width) = Self.maps(shape) {
      let maps = MapSheet(values, count: count, width: width, height: height, colorMap, tellsRanges: !isMoving)
      let panels = try maps.panels(input: thumbnail())
      return (.maps, output, sheet(node, shapeText(shape), explanation, panels, title: title))
    }
    let isLast = source == model.outputs.head.source
    let vector = VectorSheet(
      values: values, labels: labels(count: values.count, isLast: isLast),
      decision: isLast && values.count == prediction?.scores.count ? prediction?.decision : nil, colorMap: colorMap)
    let panels = try vector.panels(input: thumbnail())
    return (.values, output, sheet(node, shapeText(shape), explanation, panels, title: title))
  }

  func describe(_ index: Int, _ pictures: [FeatureReport.Picture]) -> FeatureReport.Layer {
    let node = model.nodes[index]
    let values = activations[index].flatMap(\.elements)
    let range = MapImage.range(of: values)
    let finite = values.filter(\.isFinite)
    let count = Float(max(values.count, 1))
    return FeatureReport.Layer(
      name: node.name, kind: type(of: node.layer).kind,
      inputs: node.inputs.map(model.name),
      outputShape: node.outputShape.dimensions, minimum: range.lowerBound, maximum: range.upperBound,
      mean: Float(finite.reduce(0.0) { $0 + Double($1) } / Double(max(finite.count, 1))),
      zeros: Float(values.count { $0 == 0 }) / count, deadMaps: deadMaps(index),
      saturated: Saturation(kind: type(of: node.layer).kind)?.share(of: values),
      receptiveField: fields[index].size.map { [Int($0.height), Int($0.width)] },
      statistics: statistics.isEmpty ? nil : statistics[index], explanation: LayerExplanation(node).text,
      pictures: pictures)
  }

  /// What layers make of this picture beside what they make of many.
  func tables(of names: [String]) -> [StatisticsTable?] {
    names.map { name in
      guard !statistics.isEmpty, let node = model.nodes.firstIndex(where: { $0.name == name }) else { return nil }
      return StatisticsTable(LayerStatistics(of: model.nodes[node], activations[node]), over: statistics[node])
    }
  }

  private func deadMaps(_ index: Int) -> Int? {
    guard let (count, height, width) = Self.maps(model.nodes[index].outputShape), count > 1 else { return nil }
    let values = activations[index].head.elements
    let area = height * width
    return (0..<count).count { map in values[map * area..<(map + 1) * area].allSatisfy { $0 == 0 } }
  }

  /// The graph, and what a page's script shows of each layer.
  func viewer(_ report: FeatureReport) throws(ImageError) -> FeatureViewer {
    let (own, magnification) = try pictures.head.visible().fitted(to: FeatureViewer.side)
    let size = ImageSize(width: own.width * magnification, height: own.height * magnification)
    let toShown = AffineTransform.resizing(from: geometry.original, to: size)
    let transform = (try? geometry.toOriginal)?.then(toShown) ?? .identity
    var layers = model.inputs.enumerated().map { number, port in
      FeatureViewer.Layer(name: port.name, kind: "input", shape: port.shape.dimensions, facts: "what the network sees")
    }
    for (number, port) in model.inputs.enumerated() {
      let values = inputs[number].elements
      (layers[number].maps, layers[number].tiles) = try FeatureViewer.tiles(
        values, count: port.shape[0], height: port.shape[1], width: port.shape[2], colorMap)
      if number == 0 { layers[number].reach = FeatureViewer.reach(.window(.same)) }
    }
    for (index, layer) in report.layers.enumerated() {
      guard let node = model.nodes.firstIndex(where: { $0.name == layer.name }) else { continue }
      var told = FeatureViewer.Layer(
        name: layer.name, kind: layer.kind, shape: layer.outputShape, facts: FeaturePage.facts(report.layers[index]))
      let values = activations[node].head
      if let (count, height, width) = Self.maps(model.nodes[node].outputShape) {
        (told.maps, told.tiles) = try FeatureViewer.tiles(
          values.elements, count: count, height: height, width: width, colorMap)
        told.reach = FeatureViewer.reach(fields[node])
        // The script counts channels, height and width.
        if told.shape.count == 2 { (told.shape, told.reach) = ([1] + told.shape, nil) }
      } else if values.shape.count <= FeatureViewer.mostValues {
        told.values = values.elements
      }
      layers.append(told)
    }
    let graph = NetworkGraph(
      inputs: model.inputs.map { port in
        NetworkGraph.Node(
          name: port.name, kind: "input", shape: port.shape.dimensions, anchor: FeaturePage.anchor("input"))
      },
      layers: report.layers.map { layer in
        (
          NetworkGraph.Node(
            name: layer.name, kind: layer.kind, shape: layer.outputShape, anchor: FeaturePage.anchor(layer.name)),
          layer.inputs
        )
      })
    return FeatureViewer(
      picture: Page.address(try ImageEncoder.png().encode(own), type: "png"), size: size,
      input: [model.inputShape[1], model.inputShape[2]],
      transform: [transform.a, transform.b, transform.tx, transform.c, transform.d, transform.ty], layers: layers,
      graph: graph)
  }

  private func sheet(
    _ node: Model.Node, _ facts: String, _ explanation: String, _ panels: [any Panel], title: String? = nil
  ) -> Sheet {
    let kind = type(of: node.layer).kind
    return Sheet(
      title: title ?? node.name, facts: node.name == kind ? facts : "\(kind), \(facts)", explanation: explanation,
      panels)
  }

  /// Maps, height, width: of a shape that is to be drawn as pictures. Maps of a single element are numbers.
  private static func maps(_ shape: Shape) -> (Int, Int, Int)? {
    switch shape.rank {
    case 3 where shape[1] * shape[2] > 1: (shape[0], shape[1], shape[2])
    case 2 where shape[0] > 1 && shape[1] > 1: (1, shape[0], shape[1])
    default: nil
    }
  }

  private func shapeText(_ shape: Shape) -> String {
    if let (count, height, width) = Self.maps(shape) {
      return "\(count.counted("map")) of \(height) × \(width)"
    }
    return shape.count.counted("value")
  }

  /// The outputs that postprocessing starts with belong to the classes, where there is one for each. So do those of a
  /// layer before that already has as many.
  private func labels(count: Int, isLast: Bool) -> [String]? {
    count == pipeline.labels.count && (isLast || count == model.outputShape.count) ? pipeline.labels : nil
  }

  private func kernels(_ index: Int) throws(ImageError) -> (explanation: String, panels: [any Panel])? {
    let node = model.nodes[index]
    let named = Dictionary(zip(node.parameters.map(\.name), model.parameters[index])) { first, _ in first }
    guard let kernel = named["kernel"] else { return nil }
    var connections: [[Int]]?
    if case .array(let rows) = LayerExplanation.configuration(of: node.layer)["connections"] {
      connections = rows.map { row in
        guard case .array(let maps) = row else { return [] }
        return maps.compactMap { if case .integer(let map) = $0 { map } else { nil } }
      }
    }
    let readsPicture =
      node.inputs.count == 1 && node.inputs[0].isInput && model.inputs[node.inputs[0].output].shape[0] == 3
    return try KernelSheet(kernel: kernel, bias: named["bias"], connections: connections)?
      .content(diverging, showsColors: readsPicture)
  }

  private func codePanels(_ index: Int) throws(ImageError) -> [any Panel]? {
    let node = model.nodes[index]
    guard type(of: node.layer).kind == "radialBasisOutput", node.inputs.count == 1,
      let place = node.parameters.firstIndex(where: { $0.name == "codes" })
    else { return nil }
    let source = node.inputs[0]
    let incoming = source.isInput ? inputs[source.output] : activations[source.node][source.output]
    let distances = activations[index].head.elements
    let panels = try CodeSheet(
      activations: incoming.elements, codes: model.parameters[index][place].elements, distances: distances,
      names: labels(count: distances.count, isLast: true) ?? distances.indices.map(String.init)
    ).panels()
    return panels.isEmpty ? nil : panels
  }
}
