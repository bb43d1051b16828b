import FoveaCore
import FoveaImage
import Testing

@testable import FoveaData

struct RealDatasetTests {
  @Test(.enabled(if: SharedData.mnist != nil, "skipped: no folder shared/data/mnist here"))
  func readsMNIST() throws {
    let folder = try #require(SharedData.mnist)
    let training = try Dataset.open(folder, part: .training)
    let test = try Dataset.open(folder, part: .test)
    #expect((training.count, test.count) == (60_000, 10_000))
    #expect(training.targets(of: Array(0..<5)) == [5, 0, 4, 1, 9])
    #expect(test.targets(of: Array(0..<5)) == [7, 2, 1, 0, 4])
    #expect(training.classCounts == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
    #expect(training.source.byteShape == [1, 28, 28])
    // The mean and deviation that everybody uses for MNIST.
    let loader = try BatchLoader(training, preprocessing: [Scale()], settings: .init(batchSize: 1000))
    var (sum, squares) = (0.0, 0.0)
    let stream = loader.batches(epoch: 0)
    while let batch = try stream.next() {
      batch.inputs.withUnsafeFloats { values in
        for value in values {
          sum += Double(value)
          squares += Double(value * value)
        }
      }
    }
    let mean = sum / (60_000 * 784)
    #expect(abs(mean - 0.1307) < 1e-4)
    #expect(abs((squares / (60_000 * 784) - mean * mean).squareRoot() - 0.3081) < 1e-4)
  }

  @Test(.enabled(if: SharedData.fashion != nil, "skipped: Debian's dataset-fashion-mnist is not installed"))
  func readsFashionMNIST() throws {
    let folder = try #require(SharedData.fashion)
    let training = try Dataset.open(folder, part: .training)
    #expect(training.labels == IDXDataset.fashionLabels)
    #expect(training.classCounts == Array(repeating: 6000, count: 10))
    #expect(training.labels[try #require(training.targets.classes?.first)] == "Ankle boot")
    #expect(try Dataset.open(folder, part: .validation).classCounts == Array(repeating: 1000, count: 10))
  }

  @Test(.enabled(if: SharedData.catsAndDogs != nil, "skipped: no folder shared/data/cats-dogs here"))
  func readsCatsAndDogs() throws {
    let folder = try #require(SharedData.catsAndDogs)
    #expect(try Dataset.open(folder, part: .training).count == 7005)
    let validation = try Dataset.open(folder, part: .validation)
    #expect((validation.labels, validation.count) == (["cats", "dogs"], 1000))
    let loader = try BatchLoader(
      validation.subset(stride(from: 0, to: 1000, by: 50).map { $0 }),
      preprocessing: [Resize(width: 64, height: 64), Scale()], settings: .init(batchSize: 8))
    #expect(loader.inputShape == [3, 64, 64])
    let batches = try loader.batches(epoch: 0).all()
    #expect(batches.map(\.count) == [8, 8, 4])
    #expect(batches.flatMap(\.inputs.elements).allSatisfy { (0...1).contains($0) })
  }
}
