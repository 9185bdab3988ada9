import Foundation

/// The few significance tests that a verification needs. All are one-sided; probabilities are 0…1.
package enum ExactTests {
    /// Probability of `k` or more successes in `n` trials of probability `p`. Complexity: O(n − k).
    package static func binomialUpperTail(_ k: Int, of n: Int, p: Double) -> Double {
        if k <= 0 { return 1 }
        if k > n || p <= 0 { return 0 }
        if p >= 1 { return 1 }
        let logs = (k...n).map { logChoose(n, $0) + Double($0) * log(p) + Double(n - $0) * log1p(-p) }
        return min(1, logs.reduce(0) { $0 + exp($1) })
    }

    /// Whether the second of two Poisson rates is higher: the exact conditional test of Przyborowski and Wilenski (Biometrika 31,
    /// 1940). Given `k0 + k1` events, `k1` is binomial with the share of the second exposure if the rates are equal.
    package static func rateIsHigher(_ k1: Int, exposure t1: Double, than k0: Int, exposure t0: Double) -> Double {
        guard t0 > 0, t1 > 0 else { return 1 }
        return binomialUpperTail(k1, of: k0 + k1, p: t1 / (t0 + t1))
    }

    /// Whether the proportion `e1 / n1` is higher than `e0 / n0`: Fisher's exact test (1935) where an expected count is under ten,
    /// else the pooled two-proportion z test (NIST/SEMATECH e-Handbook, section 7.3.3).
    package static func proportionIsHigher(_ e1: Int, of n1: Int, than e0: Int, of n0: Int) -> Double {
        guard n0 > 0, n1 > 0 else { return 1 }
        let pooled = Double(e0 + e1) / Double(n0 + n1)
        let smallest = Double(min(n0, n1)) * min(pooled, 1 - pooled)
        if smallest >= 10 {
            let error = (pooled * (1 - pooled) * (1 / Double(n0) + 1 / Double(n1))).squareRoot()
            let z = (Double(e1) / Double(n1) - Double(e0) / Double(n0)) / error
            return 0.5 * erfc(z / 2.0.squareRoot())
        }
        let total = logChoose(n0 + n1, e0 + e1)
        let most = min(n1, e0 + e1)
        if e1 > most { return 1 }
        var sum = 0.0
        for k in e1...most where e0 + e1 - k <= n0 { sum += exp(logChoose(n1, k) + logChoose(n0, e0 + e1 - k) - total) }
        return min(1, sum)
    }

    /// Natural logarithm of the binomial coefficient.
    static func logChoose(_ n: Int, _ k: Int) -> Double {
        k < 0 || k > n ? -.infinity : logFactorial(n) - logFactorial(k) - logFactorial(n - k)
    }

    /// ln n!: summed up to 30, then Stirling's series to the term in n⁻⁵ (relative error below 1e-12).
    static func logFactorial(_ n: Int) -> Double {
        if n < 2 { return 0 }
        if n <= 30 { return (2...n).reduce(0) { $0 + log(Double($1)) } }
        let x = Double(n)
        return x * log(x) - x + 0.5 * log(2 * .pi * x) + 1 / (12 * x) - 1 / (360 * x * x * x) + 1 / (1260 * x * x * x * x * x)
    }
}
