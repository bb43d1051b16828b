public import FoveaCore
import FoveaData
public import FoveaImage
public import FoveaTraining

/// What training sees of some pictures: a row for each of them, as it is and as a recipe changes it, a column for each pass.
///
/// The pictures are made by the loader that training has, one column a batch, so that mixtures are shown too.
public struct AugmentationSheet: Sendable {
  private let recipe: Recipe
  private let registry: Registry
  private let preprocessing: [any PreprocessingStep]
  private let limits: DecodingLimits
  /// What a training with the same seed would draw for examples of these numbers.
  public var seed: UInt64 = 0
  /// Passes that are shown.
  public var draws = 8
  /// Pixels on the longer side of each picture on the sheet, about.
  public var side = 144

  /// - Parameter preprocessing: the network's steps; nil for the middle square of each picture.
  public init(
    _ recipe: Recipe, registry: Registry, preprocessing: [any PreprocessingStep]? = nil,
    limits: DecodingLimits = DecodingLimits()
  ) throws(ImageError) {
    let middle: [any PreprocessingStep] = [ResizeShorterSide(side: 160), CenterCrop(width: 160, height: 160)]
    // Steps that change values only would leave nothing to look at.
    self.preprocessing = Array(try PreparationSteps(preprocessing ?? middle, limits: limits).shaping)
    (self.recipe, self.registry, self.limits) = (recipe, registry, limits)
  }

  /// - Throws: ``DataError`` for pictures that cannot be read, ``TrainingError`` for a recipe that cannot be followed.
  public func image(of pictures: [FilePath]) throws -> Image {
    let data = Dataset(PictureList(files: pictures))
    let plain = try loader(data, augments: false).load(Array(0..<data.count))
    let augmented = try loader(data, augments: true)
    var columns = [try column(plain, data, title: "as it is")]
    for draw in 0..<max(1, draws) {
      columns.append(
        try column(augmented.load(Array(0..<data.count), epoch: draw + 1), data, title: "pass \(draw + 1)"))
    }
    let rows = data.labels.indices.flatMap { row in columns.map { $0[row] } }
    let names = (recipe.augmentation?.kinds ?? []) + (recipe.batchAugmentation?.kinds ?? [])
    return try Sheet(
      title: "What training sees", facts: "seed \(seed)",
      explanation: names.isEmpty
        ? "The recipe changes nothing." : "\(names.map(\.kind).joined(separator: ", ")). Each pass draws anew.",
      [Grid(rows, columns: columns.count, spacing: Palette.gap)]
    ).image()
  }

  private func loader(_ data: Dataset, augments: Bool) throws -> BatchLoader {
    var settings = BatchLoader.Settings(batchSize: data.count, shuffles: false, seed: seed)
    settings.limits = limits
    if augments {
      settings.augment(by: try recipe.makeAugmentation(registry))
      settings.batchAugmentations = try recipe.makeBatchAugmentations(registry)
    }
    return try BatchLoader(data, preprocessing: preprocessing, settings: settings)
  }

  /// The pictures of a batch, one below the other.
  private func column(_ batch: Batch, _ data: Dataset, title: String) throws(ImageError) -> [any Panel] {
    var panels: [any Panel] = []
    for row in 0..<batch.count {
      let image = try Image(planar: batch.inputs.rows(row..<row + 1)).visibleBytes()
      let (fitted, magnification) = try image.near(to: side)
      panels.append(
        PicturePanel(
          fitted, magnification: magnification, above: row == 0 ? title : nil,
          below: caption(batch.targets, row, data, title: title)))
    }
    return panels
  }

  /// Below a picture as it is, its name; below a mixture, of what it is mixed.
  private func caption(_ targets: Targets, _ row: Int, _ data: Dataset, title: String) -> String? {
    guard case .shares(let rows) = targets else { return title == "as it is" ? data.labels[row] : nil }
    let shares = rows[row].enumerated().sorted { $0.element > $1.element }.prefix(2).filter { $0.element > 0.05 }
    return shares.map { "\(data.labels[$0.offset]) \(Int(($0.element * 100).rounded())) %" }.joined(separator: ", ")
  }
}

extension Image {
  /// Values that are 0…255 as they are; others from their own range.
  fileprivate func visibleBytes() throws(ImageError) -> Image {
    let isUsual = floats.allSatisfy { (-0.5...255.5).contains($0) } && (floats.max() ?? 0) > 1
    return isUsual ? try bytes() : try visible()
  }
}

/// Pictures as examples, each of a class of its own, which is named after it.
private struct PictureList: DatasetSource {
  let files: [FilePath]
  let name = "the images"

  var count: Int { files.count }

  var labels: [String] {
    files.enumerated().map { number, file in
      let name = file.description.split(separator: "/").last.map(String.init) ?? ""
      let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
      return files.count(where: { $0.description.hasSuffix(name) }) > 1 ? "\(stem) (\(number + 1))" : stem
    }
  }

  func target(at index: Int) -> Int { index }

  func identifier(at index: Int) -> String { files[index].description }

  func file(at index: Int, picture: Int) -> FilePath? { files[index] }

  func image(at index: Int, decoder: ImageDecoder) throws(DataError) -> Image {
    do throws(ImageError) { return try decoder.read(files[index]).image } catch {
      throw .image(identifier: identifier(at: index), error: error)
    }
  }
}
