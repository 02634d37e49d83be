"""Seconds of one step in a TensorFlow 1 session on Rosenbrock's function of two variables."""

import os
from time import perf_counter

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import tensorflow.compat.v1 as tf

tf.disable_eager_execution()
x = tf.Variable(-1.2, dtype=tf.float64)
y = tf.Variable(1.0, dtype=tf.float64)
loss = 100 * (y - x**2) ** 2 + (1 - x) ** 2
train = tf.train.GradientDescentOptimizer(0.0001).minimize(loss)
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    for _ in range(200):
        session.run(train)
    start = perf_counter()
    for _ in range(2000):
        session.run(train)
    print((perf_counter() - start) / 2000)
