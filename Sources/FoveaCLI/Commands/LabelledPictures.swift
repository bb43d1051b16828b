import Fovea

/// The pictures of a data set, by their numbers, with their classes.
struct LabelledPictures {
  private let dataset: Dataset
  private let numbers: [String: Int]

  /// Nil where a path is a picture, or a folder with pictures, which need no list of them.
  init?(_ path: String, _ part: DatasetPart, _ layout: LayoutOptions, _ toolbox: Toolbox) throws {
    guard path.lowercased().hasSuffix(".csv") || !Dataset.files(in: path).isEmpty else { return nil }
    dataset = try Dataset.open(path, part: part, as: layout.layout, columns: layout.columns)
    toolbox.note("\(FileName.printable(dataset.name)): \(dataset.text)")
    toolbox.tell(dataset.remarks)
    guard dataset.pictureNames.count == 1 else {
      throw CommandError("'\(path)' has \(dataset.pictureNames.count) images for each example; embeddings are of one")
    }
    numbers = Dictionary(
      (0..<dataset.count).map { [dataset] in (dataset.identifier(at: $0), $0) }, uniquingKeysWith: { first, _ in first }
    )
  }

  var count: Int { dataset.count }

  var name: (Int) -> String { { [dataset] in dataset.identifier(at: $0) } }

  var image: @Sendable (Int, ImageDecoder) throws(ImageError) -> DecodedImage {
    { [dataset] number, decoder throws(ImageError) in
      do throws(DataError) { return DecodedImage(image: try dataset.image(at: number, decoder: decoder)) } catch {
        if case .image(_, let error) = error { throw error }
        throw .undecodable(source: "'\(dataset.identifier(at: number))'", reason: error.description)
      }
    }
  }

  /// The picture of a row.
  var picture: @Sendable (EmbeddingFile.Entry, ImageDecoder) -> Image? {
    { [dataset, numbers] entry, decoder in
      numbers[entry.path].flatMap { try? dataset.image(at: $0, decoder: decoder) }
    }
  }

  /// The name of its class; nothing where the data says something else of it.
  func label(of number: Int) -> String {
    guard number >= 0, number < count, let classes = dataset.targets(of: [number]).classes, let own = classes.first
    else { return "" }
    return dataset.labels.indices.contains(own) ? dataset.labels[own] : ""
  }
}

/// What is to be projected of a format that is not read again.
final class KeptEmbeddings {
  private(set) var values: [Float] = []
  private(set) var entries: [EmbeddingFile.Entry] = []
  private let dimensions: Int

  init(_ dimensions: Int) { self.dimensions = dimensions }

  func add(_ row: ResultRow) {
    guard let embedding = row.result as? Embedding, embedding.values.count == dimensions else { return }
    values += embedding.values
    entries.append(.init(path: row.path, label: embedding.label))
  }
}

extension ResultRow {
  /// The same with what the picture is said to show.
  func labelled(_ label: String) -> ResultRow {
    guard let embedding = result as? Embedding else { return self }
    return with(Embedding(embedding.values, label: label))
  }

  /// The same with another result.
  func with(_ result: any TaskResult) -> ResultRow {
    var row = ResultRow(path: path, result: result, warnings: warnings, file: file)
    row.number = number
    return row
  }
}
