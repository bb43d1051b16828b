import Foundation
import FoveaCore
import FoveaImage
import FoveaLayers
import FoveaModel
import FoveaPictures
import FoveaPipeline
import Testing

@Suite struct FeaturePicturesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Two filters of one weight: a copy and half of the negative. Then a constant, and a decision.
  private func pipeline() throws -> Pipeline {
    let description = ModelDescription(
      name: "two <filters>", input: [1, 4, 3],
      layers: [
        LayerDescription(name: "copy", kind: "convolution", configuration: ["filters": 2, "kernel": 1, "bias": false]),
        LayerDescription(name: "nothing", kind: "convolution", configuration: ["filters": 1, "kernel": 1]),
        LayerDescription(kind: "flatten"),
        LayerDescription(name: "out", kind: "dense", configuration: ["units": 2, "bias": false]),
      ])
    let model = try Model(
      description, registry: .tested(),
      tensors: [
        "copy.kernel": Tensor([1, -0.5], [2, 1, 1, 1]), "nothing.kernel": Tensor([0, 0], [1, 2, 1, 1]),
        "nothing.bias": Tensor([0.25], [1]), "out.weight": Tensor(repeating: 0.125, [2, 12]),
      ])
    return try Pipeline(model: model, preprocessing: [Scale(upper: 255)], labels: ["cat & dog", "<none>"])
  }

  private let values: [UInt8] = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 200, 255]

  private func draw(colorMap: String = "viridis", layer: String? = nil) throws -> FeatureReport {
    let image = try Image(width: 3, height: 4, channels: 1, pixels: .bytes(values))
    return try FeaturePictures(pipeline(), colorMap: colorMap, registry: .tested())
      .draw(image, name: "a&b.png", layer: layer, to: folder("out/deep"))
  }

  /// A picture of another size than the network names is drawn in its own.
  @Test func anOpenNetworkIsDrawnInThePicturesSize() throws {
    let description = ModelDescription(
      name: "open", inputs: [InputDescription(shape: [1, 8, 8], open: [.height, .width])],
      layers: [
        LayerDescription(name: "c", kind: "convolution", configuration: ["filters": 2, "kernel": 3]),
        LayerDescription(name: "g", kind: "globalAveragePooling"), LayerDescription(kind: "softmax"),
      ])
    let model = try Model(description, registry: .tested(), seed: 1)
    let pipeline = try Pipeline(model: model, preprocessing: [Scale(upper: 255)])
    let image = try Image(width: 3, height: 4, channels: 1, pixels: .bytes(values))
    let report = try FeaturePictures(pipeline, registry: .tested()).draw(image, name: "a.png", to: folder("open"))
    #expect(report.inputShape == [1, 4, 3])
    #expect(report.layers.map(\.outputShape) == [[2, 2, 1], [2], [2]])
    #expect(report.confidence == (try pipeline.predict(image).confidence))
  }

  private func picture(
    _ report: FeatureReport, _ layer: String, _ content: FeatureReport.Picture.Content, output: String? = nil
  ) throws -> Image {
    let found = report.layers.first { $0.name == layer }?.pictures.first {
      $0.content == content && $0.output == output
    }
    let picture = try #require(found)
    let image = try ImageDecoder().decode(path: folder("out/deep/" + picture.file))
    #expect(image.width == picture.width && image.height == picture.height)
    return image
  }

  @Test func aMapIsDrawnInItsOwnRangeAndMagnifiedWithoutBlur() throws {
    let sheet = try picture(try draw(), "copy", .maps)
    let map = Viridis()
    let copy = try map.image(of: values.map(Float.init), width: 3, height: 4, range: 0...255)
    let negative = try map.image(of: values.map { -Float($0) / 2 }, width: 3, height: 4, range: -127.5...0)
    #expect(sheet.occurrences(of: try copy.magnified(36)) == 1)
    #expect(sheet.occurrences(of: try negative.magnified(36)) == 1)
  }

  @Test func theColorMapIsTheOneThatWasAskedFor() throws {
    let sheet = try picture(try draw(colorMap: "magma"), "copy", .maps)
    let copy = try Magma().image(of: values.map(Float.init), width: 3, height: 4, range: 0...255)
    #expect(sheet.occurrences(of: try copy.magnified(36)) == 1)
  }

  @Test func aMapWithOneValueHasTheLowestColor() throws {
    let report = try draw()
    let sheet = try picture(report, "nothing", .maps)
    let table = Viridis().table
    let lowest = Color(red: table[0], green: table[1], blue: table[2])
    #expect(sheet.count(of: lowest) >= 3 * 36 * 4 * 36)
    let layer = try #require(report.layers.first { $0.name == "nothing" })
    #expect((layer.minimum, layer.maximum, layer.mean, layer.zeros) == (0.25, 0.25, 0.25, 0))
  }

  @Test func kernelsAreSymmetricAroundZero() throws {
    let sheet = try picture(try draw(), "copy", .kernels)
    for weight in [1, -0.5] as [Float] {
      let one = try CoolWarm().image(of: [weight], width: 1, height: 1, range: -1...1)
      #expect(sheet.occurrences(of: try one.magnified(24)) >= 1, "\(weight)")
    }
  }

  @Test func theReportNamesWhatIsThere() throws {
    let report = try draw()
    #expect(report.layers.map(\.name) == ["copy", "nothing", "flatten1", "out"])
    #expect(report.layers.map(\.kind) == ["convolution", "convolution", "flatten", "dense"])
    #expect(report.layers.map(\.outputShape) == [[2, 4, 3], [1, 4, 3], [12], [2]])
    #expect(report.layers[1].inputs == ["copy"])
    let files = [report.input.file] + report.layers.flatMap { $0.pictures.map(\.file) } + [report.page]
    #expect(Set(files).count == files.count)
    #expect(files.filter { $0 != report.page } == files.dropLast().sorted())
    #expect(Set((try FileManager.default.contentsOfDirectory(atPath: folder("out/deep")))) == Set(files))
    #expect(try JSONDecoder().decode(FeatureReport.self, from: JSONEncoder().encode(report)) == report)
  }

  @Test func thePageShowsAllInOrderAndNeedsNothingElse() throws {
    let report = try draw()
    let page = try folder.text("out/deep/index.html")
    var rest = page[...]
    for picture in [report.input] + report.layers.flatMap(\.pictures) {
      let place = try #require(rest.range(of: "<a href=\"\(picture.file)\"><img src=\"data:image/png;base64,"))
      rest = rest[place.upperBound...]
    }
    #expect(!page.contains("http") && !page.contains("<script src"))
    #expect(page.contains("two &lt;filters&gt;") && page.contains("cat &amp; dog") && page.contains("a&amp;b.png"))
    for layer in report.layers { #expect(page.contains("href=\"#layer-\(layer.name)\"")) }
  }

  @Test func aSingleLayerCanBeAskedFor() throws {
    let report = try draw(layer: "out")
    #expect(report.layers.map(\.name) == ["out"])
    #expect(report.layers[0].pictures.map(\.file) == ["4-out-values.png"])
    #expect(throws: FeatureError.unknownLayer(name: "ouk", known: ["copy", "nothing", "flatten1", "out"])) {
      try draw(layer: "ouk")
    }
  }

  @Test func mistakesAreToldBeforeAnythingIsWritten() throws {
    let registry = try Registry.tested()
    #expect(throws: RegistryError.self) { try FeaturePictures(pipeline(), colorMap: "viridi", registry: registry) }
    let wrong = try Image.gray(0, width: 9, height: 9)
    #expect(throws: FeatureError.self) {
      try FeaturePictures(pipeline(), registry: registry).draw(wrong, name: "", to: folder("never"))
    }
    try folder.write("a file", "taken")
    let right = try Image.gray(0, width: 3, height: 4)
    #expect(throws: FeatureError.self) {
      try FeaturePictures(pipeline(), registry: registry).draw(right, name: "", to: folder("taken"))
    }
    #expect(folder.names == ["taken"])
  }

  @Test func theImageItselfIsKept() throws {
    try folder.folder("out")
    let image = try folder.picture("out/0-input.png", gray: 9, width: 3, height: 4)
    let before = try ImageDecoder().decode(path: image)
    let pictures = try FeaturePictures(pipeline(), registry: .tested())
    #expect(throws: FeatureError.self) { try pictures.draw(path: image, to: folder("out")) }
    #expect(try ImageDecoder().decode(path: image) == before)
    #expect(try folder.names == ["out"] && FileManager.default.contentsOfDirectory(atPath: folder("out")).count == 1)
  }

  /// Two inputs, and a layer with three outputs of which two would have the name of another layer's file.
  @Test func allInputsAndOutputsAreDrawn() throws {
    let description = ModelDescription(
      name: "several",
      inputs: [InputDescription(name: "left", shape: [4, 3, 2]), InputDescription(name: "right", shape: [4, 3, 2])],
      layers: [
        LayerDescription(name: "sum", kind: "add", inputs: ["left", "right"]),
        LayerDescription(name: "part", kind: "split", inputs: ["sum"], configuration: ["sizes": [1, 2, 1]]),
        LayerDescription(name: "part_1", kind: "concatenate", inputs: ["part:2", "part:1", "part:0"]),
      ])
    let pipeline = try Pipeline(
      model: Model(description, registry: .tested(), seed: 1), postprocessing: [MaskStep()],
      labels: ["a", "b", "c", "d"])
    let paths = try [1, 90].map { step in
      let bytes = (0..<24).map { UInt8($0 * step % 251) }
      let image = try Image(width: 2, height: 3, channels: 4, pixels: .bytes(bytes))
      return (image, bytes)
    }
    let pictures = try FeaturePictures(pipeline, registry: .tested())
    let report = try pictures.draw(paths.map(\.0), name: "both", to: folder("out/deep"))
    let split = try #require(report.layers.first { $0.name == "part" })
    #expect(
      split.pictures.map(\.file) == ["2-part-maps.png", "2-part_1-2-maps.png", "2-part_2-maps.png"])
    #expect(split.pictures.map(\.output) == [nil, "part:1", "part:2"])
    let files = [report.input.file, report.page] + report.layers.flatMap { $0.pictures.map(\.file) }
    #expect(Set(files).count == files.count)
    #expect(try Set(FileManager.default.contentsOfDirectory(atPath: folder("out/deep"))) == Set(files))
    // The first channel of the second output is the sums of the second channels.
    let sums = (0..<6).map { Float(Int(paths[0].1[$0 * 4 + 1]) + Int(paths[1].1[$0 * 4 + 1])) }
    let sheet = try picture(report, "part", .maps, output: "part:1")
    let map = try Viridis().image(of: sums, width: 2, height: 3, range: (sums.min() ?? 0)...(sums.max() ?? 0))
    #expect(sheet.occurrences(of: try map.magnified(48)) == 1)
    let page = try folder.text("out/deep/index.html")
    for file in files where file != report.page { #expect(page.contains("<a href=\"\(file)\"><img src=\"data:")) }
    #expect(page.contains("alt=\"the maps of part:1\""))
    #expect(throws: FeatureError.pipeline(.severalInputs(name: "several", inputs: ["left", "right"]))) {
      try pictures.draw(paths[0].0, name: "one", to: folder("never"))
    }
  }

  /// Beside each layer's figures for the picture stand those of many, and which units answered to none of them.
  @Test func statisticsStandBesideThePicture() throws {
    let description = ModelDescription(
      name: "dead", input: [1, 4, 3],
      layers: [
        LayerDescription(name: "c", kind: "convolution", configuration: ["filters": 21, "kernel": 1]),
        LayerDescription(name: "r", kind: "relu"), LayerDescription(name: "s", kind: "sigmoid"),
        LayerDescription(name: "g", kind: "globalAveragePooling"),
      ])
    let bias: [Float] = (0..<21).map { $0 == 1 ? 0 : $0 == 2 ? -3 : -1000 }
    let model = try Model(
      description, registry: .tested(),
      tensors: ["c.kernel": Tensor(repeating: 1, [21, 1, 1, 1]), "c.bias": Tensor(bias, [21])])
    var statistics = try ActivationStatistics(of: model)
    for value in [1, 2, 6] as [Float] { try statistics.add(Tensor(repeating: value, [1, 1, 4, 3])) }
    let pictures = try FeaturePictures(Pipeline(model: model), registry: .tested())
    let image = try Image.gray(2, width: 3, height: 4)
    let report = try pictures.draw([image], name: "a.png", to: folder("out"), statistics: statistics)
    #expect(report.layers.map(\.statistics) == statistics.layers)
    #expect(try JSONDecoder().decode(FeatureReport.self, from: JSONEncoder().encode(report)) == report)
    let page = try folder.text("out/index.html")
    #expect(page.components(separatedBy: "<th scope=\"col\">over 3 pictures</th>").count == 5)
    // Of the rectifier, in this picture and in all; the sigmoid has no dead ones, but ends.
    #expect(page.contains("<th scope=\"row\">units always 0</th><td>20 of 21</td><td>19 of 21</td>"))
    #expect(page.contains("<th scope=\"row\">units never 0</th><td>1 of 21</td><td>1 of 21</td>"))
    #expect(
      page.contains("0 for every picture: units 0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17 and 3 more"))
    #expect(page.components(separatedBy: "at the ends</th>").count == 2)
    #expect(try draw().layers.allSatisfy { $0.statistics == nil })
    #expect(!(try folder.text("out/deep/index.html")).contains("this picture</th>"))
  }

  @Test func radialBasisOutputsShowTheActivationsBesideTheCodes() throws {
    let description = ModelDescription(
      name: "codes", input: [1, 12, 7],
      layers: [
        LayerDescription(kind: "flatten"),
        LayerDescription(name: "rbf", kind: "radialBasisOutput", configuration: ["codes": "paper"]),
      ])
    let pipeline = try Pipeline(
      model: Model(description, registry: .tested(), seed: 1),
      preprocessing: [Scale(lower: 1, upper: -1)])
    let ink = try #require(CharacterBitmap.pixels(of: "7"))
    let image = try Image(width: 7, height: 12, channels: 1, pixels: .bytes(ink.map { $0 > 0 ? 0 : 255 }))
    let report = try FeaturePictures(pipeline, registry: .tested())
      .draw(image, name: "7", to: folder("out/deep"))
    let sheet = try picture(report, "rbf", .codes)
    #expect(sheet.occurrences(of: try image.magnified(24)) == 1)
    let framed = try image.magnified(9)
    #expect(sheet.occurrences(of: framed) == 1)
    // Every other digit's code is there too.
    for digit in "012345689" {
      let other = try #require(CharacterBitmap.pixels(of: digit))
      let code = try Image(width: 7, height: 12, channels: 1, pixels: .bytes(other.map { $0 > 0 ? 0 : 255 }))
      #expect(sheet.occurrences(of: try code.magnified(9)) == 1, "\(digit)")
    }
    // The frame of the nearest: four pixels around 63 × 108.
    #expect(sheet.count(of: Palette.accent) == 71 * 116 - 63 * 108)
    #expect(report.layers[1].minimum == 0)
  }

  @Test(arguments: [1, 3, 40, 300])
  func sheetsOfManyMapsStaySmallEnoughToLookAt(maps: Int) throws {
    let description = ModelDescription(
      name: "many", input: [3, 9, 8],
      layers: [
        LayerDescription(name: "c", kind: "convolution", configuration: ["filters": .integer(maps), "kernel": 3]),
        LayerDescription(
          name: "d", kind: "convolution", configuration: ["filters": .integer(maps), "kernel": [3, 2]]),
        LayerDescription(kind: "flatten"),
      ])
    let pipeline = try Pipeline(model: Model(description, registry: .tested(), seed: 1))
    let bytes = (0..<216).map { UInt8($0) }
    let image = try Image(width: 8, height: 9, channels: 3, pixels: .bytes(bytes))
    let report = try FeaturePictures(pipeline, registry: .tested())
      .draw(image, name: "many", to: folder("out/deep"))
    for picture in report.layers.flatMap(\.pictures) {
      #expect((100...2400).contains(picture.width) && (100...2400).contains(picture.height), "\(picture)")
    }
  }
}
