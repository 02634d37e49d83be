/* What a person would write in C for so many steps: steps_by_hand PROBLEM STEPS. Built with cc -O2 -ffp-contract=off. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void sgd(long n) {
    double x = -1.2, y = 1;
    for (long i = 0; i < n; i++) {
        double q = y - x * x, gx = -400 * x * q - 2 * (1 - x), gy = 200 * q;
        x -= 0.001 * gx;
        y -= 0.001 * gy;
    }
    printf("%.17g %.17g\n", x, y);
}

static void momentum(long n) {
    double x = -1.2, y = 1, bx = 0, by = 0;
    for (long i = 0; i < n; i++) {
        double q = y - x * x, gx = -400 * x * q - 2 * (1 - x), gy = 200 * q;
        bx = 0.9 * bx + gx;
        by = 0.9 * by + gy;
        x -= 0.001 * bx;
        y -= 0.001 * by;
    }
    printf("%.17g %.17g\n", x, y);
}

static void adam(long n) {
    double x = -1.2, y = 1, mx = 0, my = 0, vx = 0, vy = 0;
    for (long i = 1; i <= n; i++) {
        double q = y - x * x, gx = -400 * x * q - 2 * (1 - x), gy = 200 * q;
        double a = 1 - pow(0.9, i), b = 1 - pow(0.999, i);
        mx = 0.9 * mx + (1 - 0.9) * gx;
        my = 0.9 * my + (1 - 0.9) * gy;
        vx = 0.999 * vx + (1 - 0.999) * gx * gx;
        vy = 0.999 * vy + (1 - 0.999) * gy * gy;
        x -= 0.001 * (mx / a) / (sqrt(vx / b) + 1e-8);
        y -= 0.001 * (my / a) / (sqrt(vy / b) + 1e-8);
    }
    printf("%.17g %.17g\n", x, y);
}

#define MANY 1000

static void many(long n) {
    static double x[MANY], g[MANY];
    for (int i = 0; i < MANY; i++) x[i] = 0.5;
    for (long s = 0; s < n; s++) {
        memset(g, 0, sizeof g);
        for (int i = 0; i < MANY - 1; i++) {
            double q = x[i + 1] - x[i] * x[i];
            g[i] += -400 * x[i] * q - 2 * (1 - x[i]);
            g[i + 1] += 200 * q;
        }
        for (int i = 0; i < MANY; i++) x[i] -= 0.0005 * g[i];
    }
    printf("%.17g\n", x[3]);
}

static void logistic(long n) {
    double a = 0.1, b = 0.2, t[20];
    for (int i = 0; i < 20; i++) t[i] = (i - 9) / 8.0 * (i % 3 ? 1 : -1);
    for (long s = 0; s < n; s++) {
        double ga = 0, gb = 0;
        for (int i = 0; i < 20; i++) {
            double z = exp(-(a * t[i] + b)), w = z / (1 + z);
            ga -= w * t[i];
            gb -= w;
        }
        a -= 0.001 * ga;
        b -= 0.001 * gb;
    }
    printf("%.17g %.17g\n", a, b);
}

static void functions(long n) {
    double x = 0.3, y = 0.4;
    for (long s = 0; s < n; s++) {
        double e = exp(-x * x - y * y), d = sin(x), t = tanh(y);
        double gx = e * (cos(x) - 2 * x * d) + 2 * x / (1 + x * x), gy = 2 * t * (1 - t * t) - 2 * y * e * d;
        x -= 0.001 * gx;
        y -= 0.001 * gy;
    }
    printf("%.17g %.17g\n", x, y);
}

int main(int count, char **words) {
    const struct {
        const char *name;
        void (*run)(long);
    } table[] = {{"sgd", sgd}, {"momentum", momentum}, {"adam", adam}, {"many", many}, {"logistic", logistic},
                 {"functions", functions}};
    for (unsigned i = 0; count == 3 && i < sizeof table / sizeof *table; i++)
        if (!strcmp(words[1], table[i].name)) {
            table[i].run(atol(words[2]));
            return 0;
        }
    return 2;
}
